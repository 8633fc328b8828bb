//! The currencies that an amount may be in.
//!
//! Active ISO 4217 currencies and funds that have a minor unit, as of November 2026: list one of the maintenance agency,
//! published 2026-01-01, with no later change known. Not in it, having no minor unit: XXX, XTS, the metals, XDR, XSU, XUA
//! and the bond market units. No longer in it: BGN, HRK (euro), ANG (XCG), CUC (CUP), SLL (SLE), ZWL (ZWG).
//! `tests/money.rs` holds the table against another one.

/// Code and number of decimals, in the order of the codes.
const PACKED: &str = "\
    AED2AFN2ALL2AMD2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BHD3BIF0BMD2BND2BOB2BOV2BRL2BSD2BTN2BWP2BYN2BZD2CAD2\
    CDF2CHE2CHF2CHW2CLF4CLP0CNY2COP2COU2CRC2CUP2CVE2CZK2DJF0DKK2DOP2DZD2EGP2ERN2ETB2EUR2FJD2FKP2GBP2GEL2\
    GHS2GIP2GMD2GNF0GTQ2GYD2HKD2HNL2HTG2HUF2IDR2ILS2INR2IQD3IRR2ISK0JMD2JOD3JPY0KES2KGS2KHR2KMF0KPW2KRW0\
    KWD3KYD2KZT2LAK2LBP2LKR2LRD2LSL2LYD3MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2MUR2MVR2MWK2MXN2MXV2MYR2MZN2NAD2\
    NGN2NIO2NOK2NPR2NZD2OMR3PAB2PEN2PGK2PHP2PKR2PLN2PYG0QAR2RON2RSD2RUB2RWF0SAR2SBD2SCR2SDG2SEK2SGD2SHP2\
    SLE2SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2TMT2TND3TOP2TRY2TTD2TWD2TZS2UAH2UGX0USD2USN2UYI0UYU2UYW4UZS2\
    VED2VES2VND0VUV0WST2XAD2XAF0XCD2XCG2XOF0XPF0YER2ZAR2ZMW2ZWG2\
";

const ENTRIES: &[[u8; 4]] = PACKED.as_bytes().as_chunks().0;

/// An active ISO 4217 currency with a minor unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u8);

impl Currency {
    /// When the table was last held against ISO 4217.
    pub const AS_OF: &'static str = "2026-11";

    /// Finds a currency by its code in capital letters: `AED`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let code = <[u8; 3]>::try_from(code.as_bytes()).ok()?;
        let index = ENTRIES.binary_search_by(|&[a, b, c, _]| [a, b, c].cmp(&code)).ok()?;
        u8::try_from(index).ok().map(Self)
    }

    /// The three capital letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        let code = ENTRIES.get(usize::from(self.0)).map_or(&[][..], |entry| entry.get(..3).unwrap_or_default());
        // SAFETY: the table is ASCII. A check would weigh more than the whole look-up.
        unsafe { core::str::from_utf8_unchecked(code) }
    }

    /// How many decimals an amount has: 0, 2, 3 or 4.
    #[must_use]
    pub fn exponent(self) -> u8 {
        ENTRIES.get(usize::from(self.0)).map_or(0, |entry| entry[3].wrapping_sub(b'0'))
    }

    /// The English name in ISO 4217.
    #[cfg(feature = "reference")]
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// Every currency, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).take(ENTRIES.len()).map(Self)
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
const NAMES: [&str; ENTRIES.len()] = [
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
