//! Exact amounts of money: text with decimals on one side, whole minor units on the other, nothing rounded between.

use crate::currency::Currency;
use crate::text::{cut, is_digits, push_u64, read_u64};
use alloc::string::String;
use core::cmp::Ordering;

/// The largest amount in minor units: APS takes ten digits.
pub const MAX_MINOR: u64 = 9_999_999_999;

/// An amount of money, from nothing to [`MAX_MINOR`] minor units of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    minor: u64,
    currency: Currency,
}

/// Why an amount is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmountError {
    /// Not ASCII digits with at most one `.` between them.
    NotAnAmount,
    /// More decimals than the currency has, even if they are zeros.
    TooManyDecimals,
    /// More than ten digits in minor units.
    TooLong,
    /// Below zero.
    Negative,
    /// The amounts are in two currencies.
    CurrencyMismatch,
}

impl core::fmt::Display for AmountError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotAnAmount => "an amount is ASCII digits with at most one `.` between them",
            Self::TooManyDecimals => "the amount has more decimals than its currency",
            Self::TooLong => "the amount has more than 10 digits in minor units",
            Self::Negative => "the amount would be below zero",
            Self::CurrencyMismatch => "the amounts are in different currencies",
        })
    }
}

impl core::error::Error for AmountError {}

impl Amount {
    /// Reads an amount written with its decimals: `49.99`, `49.9` or `49`.
    ///
    /// A `.` needs digits on both sides; leading zeros are ignored, however many.
    ///
    /// ```
    /// use aps_payops::{amount::{Amount, AmountError}, currency::Currency};
    /// let kwd = Currency::from_code("KWD").unwrap();
    /// assert_eq!(Amount::parse("1.25", kwd).unwrap().minor(), 1250);
    /// assert_eq!(Amount::parse("1.2500", kwd), Err(AmountError::TooManyDecimals));
    /// assert_eq!(Amount::parse("1,25", kwd), Err(AmountError::NotAnAmount));
    /// ```
    ///
    /// # Errors
    /// [`AmountError::NotAnAmount`], [`AmountError::TooManyDecimals`], [`AmountError::TooLong`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let (whole, decimals) = match cut(text, '.') {
            Some((_, decimals)) if !is_digits(decimals) => return Err(AmountError::NotAnAmount),
            Some(parts) => parts,
            None => (text, ""),
        };
        if !is_digits(whole) {
            return Err(AmountError::NotAnAmount);
        }
        let exponent = usize::from(currency.exponent());
        let missing = exponent.checked_sub(decimals.len()).ok_or(AmountError::TooManyDecimals)?;
        let mut minor: u64 = 0;
        for digit in whole.bytes().chain(decimals.bytes()).chain("0000".bytes().take(missing)) {
            // At most ten times MAX_MINOR and nine more: it cannot wrap.
            minor = minor.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')));
            if minor > MAX_MINOR {
                return Err(AmountError::TooLong);
            }
        }
        Ok(Self { minor, currency })
    }

    /// Reads minor units as APS writes them: `4999`.
    ///
    /// # Errors
    /// [`AmountError::NotAnAmount`] unless it is ASCII digits alone, [`AmountError::TooLong`].
    pub fn from_minor_digits(digits: &str, currency: Currency) -> Result<Self, AmountError> {
        if !is_digits(digits) {
            return Err(AmountError::NotAnAmount);
        }
        Self::from_minor(read_u64(digits).ok_or(AmountError::TooLong)?, currency)
    }

    /// An amount in minor units.
    ///
    /// # Errors
    /// [`AmountError::TooLong`] above [`MAX_MINOR`].
    pub const fn from_minor(minor: u64, currency: Currency) -> Result<Self, AmountError> {
        if minor > MAX_MINOR { Err(AmountError::TooLong) } else { Ok(Self { minor, currency }) }
    }

    // For sums known to be in bounds, where a `Result` would have nothing to report.
    pub(crate) fn at_most_max(minor: u64, currency: Currency) -> Self {
        Self { minor: minor.min(MAX_MINOR), currency }
    }

    /// The minor units.
    #[must_use]
    pub const fn minor(self) -> u64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The minor units as digits, as APS expects them: `4999`.
    #[must_use]
    pub fn digits(self) -> String {
        let mut digits = String::new();
        push_u64(&mut digits, self.minor);
        digits
    }

    /// Appends the amount with exactly the decimals of its currency: `49.99`.
    pub fn push_text(self, out: &mut String) {
        let exponent = usize::from(self.currency.exponent());
        let digits = self.digits();
        let mut padded = String::new();
        for _ in digits.len()..=exponent {
            padded.push('0');
        }
        padded.push_str(&digits);
        match padded.split_at_checked(padded.len().saturating_sub(exponent)) {
            Some((whole, decimals)) if exponent > 0 => {
                out.push_str(whole);
                out.push('.');
                out.push_str(decimals);
            }
            _ => out.push_str(&padded),
        }
    }

    /// The sum.
    ///
    /// # Errors
    /// [`AmountError::CurrencyMismatch`], [`AmountError::TooLong`].
    pub fn plus(self, other: Self) -> Result<Self, AmountError> {
        self.same_currency(other)?;
        Self::from_minor(self.minor.saturating_add(other.minor), self.currency)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`AmountError::CurrencyMismatch`], [`AmountError::Negative`].
    pub fn minus(self, other: Self) -> Result<Self, AmountError> {
        self.same_currency(other)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(AmountError::Negative)?;
        Ok(Self { minor, currency: self.currency })
    }

    /// Compares the two amounts.
    ///
    /// # Errors
    /// [`AmountError::CurrencyMismatch`].
    pub fn compare(self, other: Self) -> Result<Ordering, AmountError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    fn same_currency(self, other: Self) -> Result<(), AmountError> {
        if self.currency == other.currency { Ok(()) } else { Err(AmountError::CurrencyMismatch) }
    }
}
