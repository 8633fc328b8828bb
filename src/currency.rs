//! The currencies that an amount may be in.
//!
//! Active ISO 4217 currencies and funds that have a minor unit, as of November 2026: list one of the maintenance agency,
//! published 2026-01-01, with no later change known. Not in it, having no minor unit: XXX, XTS, the metals, XDR, XSU, XUA
//! and the bond market units. No longer in it: BGN, HRK (euro), ANG (XCG), CUC (CUP), SLL (SLE), ZWL (ZWG).
//! `tests/rust/money.rs` holds the table against another one.

use alloc::vec::Vec;

/// Codes in order, by the number of decimals.
const CODES: [&str; 5] = [
    "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXUYIVNDVUVXAFXOFXPF",
    "",
    "\
    AEDAFNALLAMDAOAARSAUDAWGAZNBAMBBDBDTBMDBNDBOBBOVBRLBSDBTNBWPBYNBZDCADCDFCHECHFCHWCNYCOPCOUCRCCUPCVE\
    CZKDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHTGHUFIDRILSINRIRRJMDKESKGSKHRKPWKYDKZTLAK\
    LBPLKRLRDLSLMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMXVMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLNQARRON\
    RSDRUBSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUSNUYUUZSVEDVESWST\
    XADXCDXCGYERZARZMWZWG\
    ",
    "BHDIQDJODKWDLYDOMRTND",
    "CLFUYW",
];

/// An active ISO 4217 currency with a minor unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: &'static str,
    exponent: u8,
}

impl Currency {
    /// When the table was last held against ISO 4217.
    pub const AS_OF: &'static str = "2026-11";

    /// Finds a currency by its code in capital letters: `AED`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let wanted = <[u8; 3]>::try_from(code.as_bytes()).ok()?;
        (0..).zip(CODES).find_map(|(exponent, codes)| {
            let place = codes.as_bytes().as_chunks().0.binary_search(&wanted).ok()?;
            let start = place.wrapping_mul(3);
            Some(Self { code: codes.get(start..start.wrapping_add(3))?, exponent })
        })
    }

    /// The three capital letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// How many decimals an amount has: 0, 2, 3 or 4.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// The English name in ISO 4217.
    #[cfg(feature = "reference")]
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::all().zip(NAMES.iter().copied()).find_map(|(own, name)| (own == self).then_some(name)).unwrap_or_default()
    }

    /// Every currency, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        let codes = CODES.iter().flat_map(|codes| codes.as_bytes().chunks_exact(3));
        let mut all: Vec<Self> = codes.filter_map(|code| Self::from_code(core::str::from_utf8(code).ok()?)).collect();
        all.sort_unstable();
        all.into_iter()
    }
}

impl core::fmt::Debug for Currency {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.code())
    }
}

/// The English names, in the order of the codes.
#[cfg(feature = "reference")]
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "UAE Dirham", "Afghani", "Lek", "Armenian Dram", "Kwanza", "Argentine Peso", "Australian Dollar", "Aruban Florin",
    "Azerbaijan Manat", "Convertible Mark", "Barbados Dollar", "Taka", "Bahraini Dinar", "Burundi Franc",
    "Bermudian Dollar", "Brunei Dollar", "Boliviano", "Mvdol", "Brazilian Real", "Bahamian Dollar", "Ngultrum",
    "Pula", "Belarusian Ruble", "Belize Dollar", "Canadian Dollar", "Congolese Franc", "WIR Euro", "Swiss Franc",
    "WIR Franc", "Unidad de Fomento", "Chilean Peso", "Yuan Renminbi", "Colombian Peso", "Unidad de Valor Real",
    "Costa Rican Colon", "Cuban Peso", "Cabo Verde Escudo", "Czech Koruna", "Djibouti Franc", "Danish Krone",
    "Dominican Peso", "Algerian Dinar", "Egyptian Pound", "Nakfa", "Ethiopian Birr", "Euro", "Fiji Dollar",
    "Falkland Islands Pound", "Pound Sterling", "Lari", "Ghana Cedi", "Gibraltar Pound", "Dalasi", "Guinean Franc",
    "Quetzal", "Guyana Dollar", "Hong Kong Dollar", "Lempira", "Gourde", "Forint", "Rupiah", "New Israeli Sheqel",
    "Indian Rupee", "Iraqi Dinar", "Iranian Rial", "Iceland Krona", "Jamaican Dollar", "Jordanian Dinar", "Yen",
    "Kenyan Shilling", "Som", "Riel", "Comorian Franc", "North Korean Won", "Won", "Kuwaiti Dinar",
    "Cayman Islands Dollar", "Tenge", "Lao Kip", "Lebanese Pound", "Sri Lanka Rupee", "Liberian Dollar", "Loti",
    "Libyan Dinar", "Moroccan Dirham", "Moldovan Leu", "Malagasy Ariary", "Denar", "Kyat", "Tugrik", "Pataca",
    "Ouguiya", "Mauritius Rupee", "Rufiyaa", "Malawi Kwacha", "Mexican Peso", "Mexican Unidad de Inversion (UDI)",
    "Malaysian Ringgit", "Mozambique Metical", "Namibia Dollar", "Naira", "Cordoba Oro", "Norwegian Krone",
    "Nepalese Rupee", "New Zealand Dollar", "Rial Omani", "Balboa", "Sol", "Kina", "Philippine Peso",
    "Pakistan Rupee", "Zloty", "Guarani", "Qatari Rial", "Romanian Leu", "Serbian Dinar", "Russian Ruble",
    "Rwanda Franc", "Saudi Riyal", "Solomon Islands Dollar", "Seychelles Rupee", "Sudanese Pound", "Swedish Krona",
    "Singapore Dollar", "Saint Helena Pound", "Leone", "Somali Shilling", "Surinam Dollar", "South Sudanese Pound",
    "Dobra", "El Salvador Colon", "Syrian Pound", "Lilangeni", "Baht", "Somoni", "Turkmenistan New Manat",
    "Tunisian Dinar", "Pa’anga", "Turkish Lira", "Trinidad and Tobago Dollar", "New Taiwan Dollar",
    "Tanzanian Shilling", "Hryvnia", "Uganda Shilling", "US Dollar", "US Dollar (Next day)",
    "Uruguay Peso en Unidades Indexadas (UI)", "Peso Uruguayo", "Unidad Previsional", "Uzbekistan Sum",
    "Bolívar Soberano", "Bolívar Soberano", "Dong", "Vatu", "Tala", "Arab Accounting Dinar", "CFA Franc BEAC",
    "East Caribbean Dollar", "Caribbean Guilder", "CFA Franc BCEAO", "CFP Franc", "Yemeni Rial", "Rand",
    "Zambian Kwacha", "Zimbabwe Gold",
];
