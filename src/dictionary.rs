//! The one home of APS's parameters, commands and rules. Data only: adding a command is adding to this file.
//!
//! `operation` holds requests against it; the TypeScript types, `docs/reference.md`, `dictionary.json` and the
//! sandbox read it. Sources: `DOC` the official documentation's tables, `NEW` the current official site, `SDK` what
//! official SDKs and plugins do, `NET`/`PHP` one of them. Lengths count characters.

use Characters::{Alnum, Alpha, Any, Numeric};
use Severity::{Error, Warning};

pub use crate::issue::Severity;

use crate::text::words;

/// The letters and digits a parameter takes; its special characters come on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// Unicode letters and marks.
    Alpha,
    /// Unicode letters and marks, ASCII digits.
    Alnum,
    /// ASCII digits.
    Numeric,
    /// No list of characters is known.
    Any,
}

/// What a parameter holds, which decides how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Names something: another character is an error.
    Identifier,
    /// Free text: another character is only a warning, since the lists are documented but not known to be enforced.
    Text,
    /// An address of a page: as `Text`, and `=` is allowed unless a reserved name stands before it.
    Url,
    /// Encoded bytes, which may end in `=`.
    Encoded,
    /// A number or a number-like thing: another character is an error.
    Number,
    /// Minor units of the currency.
    Amount,
    /// ISO 4217, capital letters.
    Currency,
    /// An e-mail address.
    Email,
    /// A card number.
    CardNumber,
    /// `YYMM`.
    Expiry,
    /// A card's security code.
    SecurityCode,
    /// `YYYY-MM-DD`.
    Date,
    /// One of `choices`.
    Choice,
    /// A nested object.
    Object,
}

/// An allowed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As APS spells it.
    pub value: &'static str,
    /// Refused for AUTHORIZATION.
    pub purchase_only: bool,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// APS's name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Its letters and digits.
    pub characters: Characters,
    // Characters besides those; of a choice, its values, marked with `*` where AUTHORIZATION does not take them.
    takes: &'static str,
    /// At least so many characters.
    pub min: u8,
    /// At most so many characters; 0 when no limit is known.
    pub max: u16,
    /// Where this comes from.
    pub source: &'static str,
    /// In words, for the reference page.
    #[cfg(feature = "reference")]
    pub note: &'static str,
}

impl Parameter {
    const fn new(name: &'static str, kind: Kind, max: u16, source: &'static str, note: &'static str) -> Self {
        #[cfg(not(feature = "reference"))]
        let _ = note;
        Self {
            name,
            kind,
            characters: Any,
            takes: "",
            min: 1,
            max,
            source,
            #[cfg(feature = "reference")]
            note,
        }
    }

    const fn made_of(self, characters: Characters, special: &'static str) -> Self {
        Self { characters, takes: special, ..self }
    }

    const fn at_least(self, min: u8) -> Self {
        Self { min, ..self }
    }

    const fn one_of(self, choices: &'static str) -> Self {
        Self { takes: choices, ..self }
    }

    /// Characters besides the letters and digits.
    #[must_use]
    pub const fn special(&self) -> &'static str {
        if matches!(self.kind, Kind::Choice) { "" } else { self.takes }
    }

    /// The allowed values; none when they are not a closed list.
    pub fn choices(&self) -> impl Iterator<Item = Choice> {
        words(if self.kind == Kind::Choice { self.takes } else { "" }).map(|word| match word.strip_suffix('*') {
            Some(value) => Choice { value, purchase_only: true },
            None => Choice { value: word, purchase_only: false },
        })
    }
}

/// How a command stands to a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It must be there.
    Required,
    /// It may be there.
    Optional,
    /// The account or the call supplies it; given as well, it must agree.
    Supplied,
    /// Known, and refused here.
    Refused,
}

/// A parameter of a command.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The parameter.
    pub parameter: &'static Parameter,
    /// How the command stands to it.
    pub presence: Presence,
}

/// When a rule applies. Several values are words of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The parameter is given.
    Given(&'static str),
    /// The parameter is one of these values.
    Is(&'static str, &'static str),
    /// The first parameter is given, and the second is none of these values.
    GivenUnless(&'static str, &'static str, &'static str),
}

/// What a rule asks for. Several names or values are words of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// At least one of these parameters.
    OneOf(&'static str),
    /// All of these parameters.
    Needs(&'static str),
    /// None of these parameters.
    Refuses(&'static str),
    /// This parameter, where given, has one of these values.
    Only(&'static str, &'static str),
}

/// A rule between parameters.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// When it applies; always, if none.
    pub when: Option<When>,
    /// What it asks for.
    pub demand: Demand,
    /// Whether breaking it stops the request.
    pub severity: Severity,
    /// Where it comes from.
    pub source: &'static str,
}

const fn always(demand: Demand, source: &'static str) -> Rule {
    Rule { when: None, demand, severity: Error, source }
}

const fn rule(when: When, demand: Demand, severity: Severity, source: &'static str) -> Rule {
    Rule { when: Some(when), demand, severity, source }
}

/// The parameter that names the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `command`
    Command,
    /// `query_command`
    QueryCommand,
    /// `service_command`
    ServiceCommand,
}

impl Selector {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::QueryCommand => "query_command",
            Self::ServiceCommand => "service_command",
        }
    }
}

/// Where a command is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// `paymentApi`, JSON from server to server.
    Api,
    /// `paymentPage`, a form that the browser posts.
    Page,
}

impl Channel {
    /// `api` or `page`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Page => "page",
        }
    }
}

/// What a command does to money, which decides what its lost answer means and what its life cycle allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It moves or holds money.
    Money,
    /// It only asks.
    Query,
    /// Neither.
    Service,
}

impl Effect {
    /// `money`, `query` or `service`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Query => "query",
            Self::Service => "service",
        }
    }
}

/// A command.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// APS's name.
    pub name: &'static str,
    /// The parameter that holds the name.
    pub selector: Selector,
    /// Where it may be sent.
    pub channels: &'static [Channel],
    /// What it does to money.
    pub effect: Effect,
    /// Its parameters besides those of every command (`ACCOUNT`), sorted by name.
    pub members: &'static [Member],
    /// Parameters, as words of one text, that may not be in a form for the payment page, where the browser gives them to
    /// APS alone.
    pub not_on_page: &'static str,
    /// Rules between its parameters.
    pub rules: &'static [Rule],
    /// In words, for the reference page.
    #[cfg(feature = "reference")]
    pub note: &'static str,
}

const fn required(parameter: &'static Parameter) -> Member {
    Member { parameter, presence: Presence::Required }
}

const fn optional(parameter: &'static Parameter) -> Member {
    Member { parameter, presence: Presence::Optional }
}

const fn supplied(parameter: &'static Parameter) -> Member {
    Member { parameter, presence: Presence::Supplied }
}

const fn refused(parameter: &'static Parameter) -> Member {
    Member { parameter, presence: Presence::Refused }
}

const DOC_PAY: &str = "DOC redirection and trusted channel tables";
const DOC_TRUSTED: &str = "DOC trusted channel table";
const DOC_PAGE: &str = "DOC merchant page tables";
const DOC_MAINTENANCE: &str = "DOC maintenance tables";
const DOC_STATUS: &str = "DOC check status table";
const DOC_3DS: &str = "DOC 3-D Secure tables";
const DOC_INSTALLMENTS: &str = "DOC installments tables";
const NEW_RECURRING: &str = "NEW recurring; NET and SEV models";
const SDK_APP: &str = "sent by every official SDK and plugin";
const SDK_WALLET: &str = "NEW Apple Pay; WOO and PHP code";

// ---- of every command -------------------------------------------------------------------------------------------

static ACCESS_CODE: Parameter = Parameter::new(
    "access_code",
    Kind::Identifier,
    60,
    "DOC all tables (20); APS validator for Apple Pay (60)",
    "Names the credentials; from the back office.",
)
.made_of(Alnum, "");
static LANGUAGE: Parameter =
    Parameter::new("language", Kind::Choice, 2, "DOC all tables", "Language of pages and messages.").one_of("en ar");
static MERCHANT_IDENTIFIER: Parameter = Parameter::new(
    "merchant_identifier",
    Kind::Identifier,
    20,
    "DOC all tables",
    "Names the merchant; from the back office.",
)
.made_of(Alnum, "");
static SIGNATURE: Parameter =
    Parameter::new("signature", Kind::Identifier, 200, "DOC all tables", "The digest over all other parameters.")
        .made_of(Alnum, "");

/// The parameters of every command, sorted by name. The account supplies them.
pub static ACCOUNT: &[Member] =
    &[supplied(&ACCESS_CODE), supplied(&LANGUAGE), supplied(&MERCHANT_IDENTIFIER), supplied(&SIGNATURE)];

// ---- of several commands ----------------------------------------------------------------------------------------

static AIRLINE_DATA: Parameter =
    Parameter::new("airline_data", Kind::Object, 0, "NET AirlineData", "Airline ticket data, nested.");
static AMOUNT: Parameter = Parameter::new(
    "amount",
    Kind::Amount,
    10,
    "DOC all tables; NEW handling currencies",
    "Minor units of the currency, as digits.",
)
.made_of(Numeric, "");
static CURRENCY: Parameter = Parameter::new(
    "currency",
    Kind::Currency,
    3,
    "DOC all tables; ISO 4217",
    "Currency of the amount; of the original payment in maintenance.",
)
.made_of(Alpha, "");
static FORT_ID: Parameter = Parameter::new(
    "fort_id",
    Kind::Identifier,
    20,
    DOC_MAINTENANCE,
    "APS's number of the order. Longer than a JavaScript number holds.",
)
.made_of(Numeric, "");
static MAINTENANCE_REFERENCE: Parameter = Parameter::new(
    "maintenance_reference",
    Kind::Identifier,
    40,
    "DOC refund table (200); NEW check status (40)",
    "The merchant's own unique number of one refund; a declined one may be retried under it.",
)
.made_of(Alnum, "-_.");
static MERCHANT_REFERENCE: Parameter = Parameter::new(
    "merchant_reference",
    Kind::Identifier,
    40,
    "DOC all tables",
    "The merchant's unique number of the order.",
)
.made_of(Alnum, "-_.");
static ORDER_DESCRIPTION: Parameter =
    Parameter::new("order_description", Kind::Text, 150, "DOC payment and maintenance tables", "What was bought.")
        .made_of(Alnum, "'/._-#:$ ");

// ---- AUTHORIZATION and PURCHASE ---------------------------------------------------------------------------------

static THREEDS_ECI: Parameter =
    Parameter::new("3ds_eci", Kind::Choice, 2, DOC_3DS, "E-commerce indicator that an external MPI returned.")
        .one_of("05 06");
static THREEDS_ENROLLED: Parameter =
    Parameter::new("3ds_enrolled", Kind::Choice, 1, DOC_3DS, "Whether the card is enrolled, by an external MPI.")
        .one_of("Y N");
static THREEDS_STATUS: Parameter =
    Parameter::new("3ds_status", Kind::Choice, 1, DOC_3DS, "Outcome of the check at an external MPI.")
        .one_of("Y N U A");
static THREEDS_XID: Parameter =
    Parameter::new("3ds_xid", Kind::Encoded, 28, DOC_3DS, "Transaction number of an external MPI.")
        .made_of(Alnum, "+/=");
static AGREEMENT_ID: Parameter =
    Parameter::new("agreement_id", Kind::Text, 0, NEW_RECURRING, "The agreement that a recurring payment belongs to.");
static APP_FRAMEWORK: Parameter = Parameter::new("app_framework", Kind::Text, 0, SDK_APP, "Framework of the shop.");
static APP_PLUGIN: Parameter = Parameter::new("app_plugin", Kind::Text, 0, SDK_APP, "Plugin in use.");
static APP_PLUGIN_VERSION: Parameter = Parameter::new("app_plugin_version", Kind::Text, 0, SDK_APP, "Its version.");
static APP_PROGRAMMING: Parameter =
    Parameter::new("app_programming", Kind::Text, 0, SDK_APP, "Programming language of the shop.");
static APP_VER: Parameter = Parameter::new("app_ver", Kind::Text, 0, SDK_APP, "Version of the framework.");
static APPLE_APPLICATION_DATA: Parameter =
    Parameter::new("apple_applicationData", Kind::Encoded, 0, SDK_WALLET, "Apple Pay: applicationData of the token.");
static APPLE_DATA: Parameter =
    Parameter::new("apple_data", Kind::Encoded, 0, SDK_WALLET, "Apple Pay: data of the token.");
static APPLE_HEADER: Parameter = Parameter::new(
    "apple_header",
    Kind::Object,
    0,
    SDK_WALLET,
    "Apple Pay: apple_transactionId, apple_ephemeralPublicKey, apple_publicKeyHash, signed in the order sent.",
);
static APPLE_PAYMENT_METHOD: Parameter = Parameter::new(
    "apple_paymentMethod",
    Kind::Object,
    0,
    SDK_WALLET,
    "Apple Pay: apple_displayName, apple_network, apple_type, signed in the order sent.",
);
static APPLE_SIGNATURE: Parameter =
    Parameter::new("apple_signature", Kind::Encoded, 0, SDK_WALLET, "Apple Pay: signature of the token.");
static CALL_ID: Parameter =
    Parameter::new("call_id", Kind::Identifier, 0, "DOC wallets; WOO code", "Visa Checkout's number of the payment.");
static CARD_HOLDER_NAME: Parameter =
    Parameter::new("card_holder_name", Kind::Text, 50, DOC_TRUSTED, "The name on the card.").made_of(Alpha, "'-. ");
static CARD_NUMBER: Parameter = Parameter::new(
    "card_number",
    Kind::CardNumber,
    19,
    "DOC trusted channel (19); recurring and verify (16)",
    "The card's number: 16 digits, AMEX 15, MEEZA 16 or 19.",
)
.made_of(Numeric, "")
.at_least(13);
static CARD_SECURITY_CODE: Parameter =
    Parameter::new("card_security_code", Kind::SecurityCode, 4, DOC_TRUSTED, "3 digits, 4 for AMEX.")
        .made_of(Numeric, "")
        .at_least(3);
static CHECK_3DS: Parameter = Parameter::new(
    "check_3ds",
    Kind::Choice,
    2,
    "DOC 3-D Secure tables; NEW standard 3-D Secure",
    "NO switches 3-D Secure off for this payment.",
)
.one_of("NO");
static CUSTOMER_EMAIL: Parameter =
    Parameter::new("customer_email", Kind::Email, 254, DOC_PAY, "The customer's e-mail address.")
        .made_of(Alnum, "_-.@+")
        .at_least(3);
static CUSTOMER_IP: Parameter = Parameter::new(
    "customer_ip",
    Kind::Identifier,
    45,
    DOC_PAY,
    "The customer's IPv4 or IPv6 address; needed when the fraud service is active.",
)
.made_of(Alnum, ".:");
static CUSTOMER_NAME: Parameter =
    Parameter::new("customer_name", Kind::Text, 40, DOC_PAY, "The customer's name.").made_of(Alpha, "_\\/-.' ");
static DIGITAL_WALLET: Parameter = Parameter::new(
    "digital_wallet",
    Kind::Choice,
    100,
    "NEW Apple Pay; WOO code; DOC wallets",
    "The wallet that pays.",
)
.one_of("APPLE_PAY MASTERPASS STCPAY VISA_CHECKOUT");
static ECI: Parameter = Parameter::new(
    "eci",
    Kind::Choice,
    16,
    "DOC payment, MOTO and recurring tables",
    "How the card holder takes part.",
)
.one_of("ECOMMERCE MOTO RECURRING*");
static EXPIRY_DATE: Parameter = Parameter::new("expiry_date", Kind::Expiry, 4, DOC_TRUSTED, "YYMM: 2105 is May 2021.")
    .made_of(Numeric, "")
    .at_least(4);
static FLEX_VALUE: Parameter =
    Parameter::new("flex_value", Kind::Text, 255, DOC_3DS, "A custom field set up in the back office.")
        .made_of(Alnum, "_/\\-.#$%&@*");
static INSTALLMENTS: Parameter = Parameter::new(
    "installments",
    Kind::Choice,
    10,
    "DOC installments tables; PHP constants",
    "The kind of instalment plan.",
)
.one_of("STANDALONE YES HOSTED NO");
static ISSUER_CODE: Parameter =
    Parameter::new("issuer_code", Kind::Identifier, 8, DOC_INSTALLMENTS, "The card issuer of the plan.")
        .made_of(Alnum, "");
const MERCHANT_EXTRA_SPECIAL: &str = ".;/_-,'@ ";
static MERCHANT_EXTRA: Parameter =
    Parameter::new("merchant_extra", Kind::Text, 999, DOC_PAY, "Echoed back.").made_of(Alnum, MERCHANT_EXTRA_SPECIAL);
const fn merchant_extra(name: &'static str) -> Parameter {
    Parameter::new(name, Kind::Text, 250, DOC_PAY, "Echoed back.").made_of(Alnum, MERCHANT_EXTRA_SPECIAL)
}
static MERCHANT_EXTRA_1: Parameter = merchant_extra("merchant_extra1");
static MERCHANT_EXTRA_2: Parameter = merchant_extra("merchant_extra2");
static MERCHANT_EXTRA_3: Parameter = merchant_extra("merchant_extra3");
static MERCHANT_EXTRA_4: Parameter = merchant_extra("merchant_extra4");
static MERCHANT_EXTRA_5: Parameter = merchant_extra("merchant_extra5");
static PAYMENT_OPTION: Parameter = Parameter::new(
    "payment_option",
    Kind::Choice,
    10,
    "DOC payment tables; SEV PayfortPaymentOptionEnum",
    "The way to pay.",
)
.one_of("AMEX BENEFIT* JAYWAN KNET* MADA* MASTERCARD MEEZA* NAPS* OMANNET* SADAD* TABBY TAMARA VALU VISA");
static PHONE_NUMBER: Parameter = Parameter::new(
    "phone_number",
    Kind::Number,
    19,
    "DOC payment tables (numeric) and recurring table (with + - ( ) and space)",
    "The customer's phone number.",
)
.made_of(Numeric, "+-() ");
static PLAN_CODE: Parameter =
    Parameter::new("plan_code", Kind::Identifier, 8, DOC_INSTALLMENTS, "The instalment plan.").made_of(Alnum, "");
static RECURRING_DAYS_BETWEEN_PAYMENTS: Parameter = Parameter::new(
    "recurring_days_between_payments",
    Kind::Number,
    0,
    NEW_RECURRING,
    "Days from one payment of the agreement to the next.",
)
.made_of(Numeric, "");
static RECURRING_EXPIRY_DATE: Parameter =
    Parameter::new("recurring_expiry_date", Kind::Date, 10, NEW_RECURRING, "When the agreement ends: YYYY-MM-DD.")
        .at_least(10);
static RECURRING_MODE: Parameter =
    Parameter::new("recurring_mode", Kind::Choice, 0, NEW_RECURRING, "The kind of agreement.")
        .one_of("FIXED UNSCHEDULED VARIABLE");
static RECURRING_TRANSACTIONS_COUNT: Parameter = Parameter::new(
    "recurring_transactions_count",
    Kind::Number,
    0,
    NEW_RECURRING,
    "How many payments the agreement has.",
)
.made_of(Numeric, "");
static REMEMBER_ME: Parameter = Parameter::new(
    "remember_me",
    Kind::Choice,
    3,
    "DOC payment tables (2, a typing error) and Merchant Page 2.0 table (3)",
    "Whether to keep the token.",
)
.one_of("YES NO");
static RETURN_URL: Parameter =
    Parameter::new("return_url", Kind::Url, 400, DOC_PAY, "Where the browser comes back to.")
        .made_of(Alnum, "$!=?#&-_/:.");
static SADAD_OLP: Parameter =
    Parameter::new("sadad_olp", Kind::Identifier, 12, "DOC redirection table", "SADAD online payment id.")
        .made_of(Alnum, "@._");
static SETTLEMENT_REFERENCE: Parameter =
    Parameter::new("settlement_reference", Kind::Identifier, 34, DOC_PAY, "Shown in the acquirer's settlement file.")
        .made_of(Alnum, "-_.");
static STATEMENT_DESCRIPTOR: Parameter =
    Parameter::new("statement_descriptor", Kind::Text, 0, NEW_RECURRING, "What the card statement shows.");
static TOKEN_NAME: Parameter =
    Parameter::new("token_name", Kind::Identifier, 100, DOC_PAY, "A stored card.").made_of(Alnum, ".@-_");
static VER_TOKEN: Parameter =
    Parameter::new("ver_token", Kind::Encoded, 28, DOC_3DS, "Proof of authentication from an external MPI.")
        .made_of(Alnum, "+/=");

/// All forms of AUTHORIZATION and PURCHASE: redirect, trusted card, token, MOTO, recurring, wallet.
static PAY: &[Member] = &[
    optional(&THREEDS_ECI),
    optional(&THREEDS_ENROLLED),
    optional(&THREEDS_STATUS),
    optional(&THREEDS_XID),
    optional(&AGREEMENT_ID),
    optional(&AIRLINE_DATA),
    required(&AMOUNT),
    optional(&APP_FRAMEWORK),
    optional(&APP_PLUGIN),
    optional(&APP_PLUGIN_VERSION),
    optional(&APP_PROGRAMMING),
    optional(&APP_VER),
    optional(&APPLE_APPLICATION_DATA),
    optional(&APPLE_DATA),
    optional(&APPLE_HEADER),
    optional(&APPLE_PAYMENT_METHOD),
    optional(&APPLE_SIGNATURE),
    optional(&CALL_ID),
    optional(&CARD_HOLDER_NAME),
    optional(&CARD_NUMBER),
    optional(&CARD_SECURITY_CODE),
    optional(&CHECK_3DS),
    required(&CURRENCY),
    required(&CUSTOMER_EMAIL),
    optional(&CUSTOMER_IP),
    optional(&CUSTOMER_NAME),
    optional(&DIGITAL_WALLET),
    optional(&ECI),
    optional(&EXPIRY_DATE),
    optional(&FLEX_VALUE),
    optional(&INSTALLMENTS),
    optional(&ISSUER_CODE),
    optional(&MERCHANT_EXTRA),
    optional(&MERCHANT_EXTRA_1),
    optional(&MERCHANT_EXTRA_2),
    optional(&MERCHANT_EXTRA_3),
    optional(&MERCHANT_EXTRA_4),
    optional(&MERCHANT_EXTRA_5),
    required(&MERCHANT_REFERENCE),
    optional(&ORDER_DESCRIPTION),
    optional(&PAYMENT_OPTION),
    optional(&PHONE_NUMBER),
    optional(&PLAN_CODE),
    optional(&RECURRING_DAYS_BETWEEN_PAYMENTS),
    optional(&RECURRING_EXPIRY_DATE),
    optional(&RECURRING_MODE),
    optional(&RECURRING_TRANSACTIONS_COUNT),
    optional(&REMEMBER_ME),
    optional(&RETURN_URL),
    optional(&SADAD_OLP),
    optional(&SETTLEMENT_REFERENCE),
    optional(&STATEMENT_DESCRIPTOR),
    optional(&TOKEN_NAME),
    optional(&VER_TOKEN),
];

static PAY_RULES: &[Rule] = &[
    rule(When::Given("card_number"), Demand::Needs("expiry_date"), Error, DOC_TRUSTED),
    rule(
        When::GivenUnless("card_number", "eci", "MOTO RECURRING"),
        Demand::Needs("card_security_code"),
        Error,
        DOC_TRUSTED,
    ),
    rule(
        When::Given("card_number"),
        Demand::Needs("card_holder_name"),
        Warning,
        "DOC trusted channel table (mandatory); NET and PHP (optional)",
    ),
    rule(When::Is("eci", "RECURRING"), Demand::Needs("token_name"), Error, "DOC recurring table"),
    rule(When::Is("eci", "RECURRING"), Demand::Refuses("card_security_code"), Error, "NEW recurring"),
    rule(
        When::Is("eci", "RECURRING"),
        Demand::Needs("agreement_id"),
        Warning,
        "NEW recurring (required); PHP (optional)",
    ),
    rule(
        When::Is("eci", "MOTO RECURRING"),
        Demand::Only("payment_option", "AMEX MASTERCARD VISA"),
        Error,
        "DOC MOTO and recurring tables",
    ),
    rule(
        When::Is("payment_option", "BENEFIT MADA MEEZA OMANNET"),
        Demand::Only("eci", "ECOMMERCE"),
        Error,
        "DOC payment tables; SEV",
    ),
    rule(
        When::Is("payment_option", "MADA"),
        Demand::Refuses("check_3ds"),
        Error,
        "NEW standard 3-D Secure: never for mada",
    ),
    rule(When::Is("digital_wallet", "VISA_CHECKOUT"), Demand::Needs("call_id"), Error, "DOC wallets; WOO code"),
    rule(
        When::Is("digital_wallet", "APPLE_PAY"),
        Demand::Needs("apple_data apple_header apple_paymentMethod apple_signature"),
        Error,
        SDK_WALLET,
    ),
    rule(When::Is("installments", "HOSTED YES"), Demand::Needs("issuer_code plan_code"), Error, DOC_INSTALLMENTS),
];

/// What the browser adds to a form that it posts, the card's own parameters among it.
static TOKENIZE: &[Member] = &[
    optional(&AMOUNT),
    optional(&CARD_HOLDER_NAME),
    optional(&CARD_NUMBER),
    optional(&CARD_SECURITY_CODE),
    optional(&CURRENCY),
    optional(&EXPIRY_DATE),
    optional(&INSTALLMENTS),
    required(&MERCHANT_REFERENCE),
    optional(&REMEMBER_ME),
    optional(&RETURN_URL),
    optional(&TOKEN_NAME),
];

static TOKENIZE_RULES: &[Rule] = &[
    rule(When::Given("card_number"), Demand::Needs("expiry_date card_security_code"), Error, DOC_PAGE),
    rule(When::Is("installments", "STANDALONE"), Demand::Needs("amount currency"), Error, DOC_INSTALLMENTS),
];

/// The browser adds these to the form, and they are not signed.
const CARD_FIELDS_OF_PAGE: &str = "card_holder_name card_number card_security_code expiry_date remember_me";

const CARD_FIELDS: &str = "card_holder_name card_number card_security_code expiry_date";

const WARN_REFERENCE: Rule = rule(
    When::Given("fort_id"),
    Demand::Needs("merchant_reference"),
    Warning,
    "DOC tables and NET, PHP (always); DOC and NEW texts (or fort_id)",
);

const ORDER_NAMED: Rule =
    always(Demand::OneOf("merchant_reference fort_id"), "DOC capture, void and refund pages; NEW");

macro_rules! command {
    ($name:literal $selector:ident $channels:expr; $effect:ident $members:expr, $not_on_page:expr, $rules:expr; $note:literal) => {
        Command {
            name: $name,
            selector: Selector::$selector,
            channels: $channels,
            effect: Effect::$effect,
            members: $members,
            not_on_page: $not_on_page,
            rules: $rules,
            #[cfg(feature = "reference")]
            note: $note,
        }
    };
}

/// Every command, sorted by name.
pub static COMMANDS: &[Command] = &[
    command!("AUTHORIZATION" Command &[Channel::Api, Channel::Page]; Money PAY, CARD_FIELDS, PAY_RULES;
        "The bank holds the amount. It lapses when neither captured nor voided in time (7 days)."),
    command!("CAPTURE" Command &[Channel::Api]; Money &[
            optional(&AIRLINE_DATA),
            required(&AMOUNT),
            required(&CURRENCY),
            optional(&FORT_ID),
            optional(&MERCHANT_REFERENCE),
            optional(&ORDER_DESCRIPTION),
        ], "", &[ORDER_NAMED, WARN_REFERENCE];
        "Takes all or part of an authorized amount, as often as wanted, never more than was authorized."),
    command!("CHECK_STATUS" QueryCommand &[Channel::Api]; Query &[
            optional(&FORT_ID),
            optional(&MAINTENANCE_REFERENCE),
            optional(&MERCHANT_REFERENCE),
            optional(&RETURN_THIRD_PARTY_RESPONSE_CODES),
        ], "", &[
            always(
                Demand::OneOf("merchant_reference fort_id maintenance_reference"),
                "DOC check status table; NEW check status",
            ),
            WARN_REFERENCE,
        ];
        "Asks for the last operation and the totals of an order."),
    command!("PURCHASE" Command &[Channel::Api, Channel::Page]; Money PAY, CARD_FIELDS, PAY_RULES;
        "Authorizes and captures in one go."),
    command!("REFUND" Command &[Channel::Api]; Money &[
            optional(&AIRLINE_DATA),
            required(&AMOUNT),
            required(&CURRENCY),
            optional(&FORT_ID),
            optional(&MAINTENANCE_REFERENCE),
            optional(&MERCHANT_REFERENCE),
            optional(&ORDER_DESCRIPTION),
        ], "", &[ORDER_NAMED, WARN_REFERENCE];
        "Gives back all or part of what was captured."),
    command!("TOKENIZATION" ServiceCommand &[Channel::Page]; Service TOKENIZE, CARD_FIELDS_OF_PAGE, TOKENIZE_RULES;
        "Stores a card that the browser posts straight to the payment page, and answers with its token."),
    command!("VOID_AUTHORIZATION" Command &[Channel::Api]; Money &[
            refused(&AMOUNT),
            refused(&CURRENCY),
            optional(&FORT_ID),
            optional(&MERCHANT_REFERENCE),
            optional(&ORDER_DESCRIPTION),
        ], "", &[ORDER_NAMED, WARN_REFERENCE];
        "Releases a whole authorization that nothing was captured from. It has no amount: there is no partial void."),
];

static RETURN_THIRD_PARTY_RESPONSE_CODES: Parameter = Parameter::new(
    "return_third_party_response_codes",
    Kind::Choice,
    3,
    DOC_STATUS,
    "Whether to add the acquirer's own codes.",
)
.one_of("YES NO");

/// The parameters that decide what a reply means and for which payment, sorted by name. With `=` behind it, each of them
/// could make a signed message readable in two ways.
pub const RESERVED: [&str; 7] =
    ["amount", "command", "currency", "fort_id", "merchant_reference", "response_code", "status"];

/// Why text is reserved.
pub const RESERVED_SOURCE: &str = "APS's signed text has no separators";

impl Command {
    /// Finds a command by name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        let at = COMMANDS.binary_search_by(|command| command.name.cmp(name)).ok()?;
        COMMANDS.get(at)
    }

    /// Finds a parameter of the command.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&'static Member> {
        let own = |members: &'static [Member]| {
            let at = members.binary_search_by(|member| member.parameter.name.cmp(name)).ok()?;
            members.get(at)
        };
        own(self.members).or_else(|| own(ACCOUNT))
    }
}

#[cfg(test)]
mod tests {
    use super::{ACCOUNT, COMMANDS, Command, Demand, Kind, RESERVED, When};
    use crate::text::words;

    #[test]
    fn everything_is_sorted_and_named_rightly() {
        assert!(COMMANDS.is_sorted_by_key(|command| command.name));
        assert!(RESERVED.is_sorted());
        for command in COMMANDS {
            for members in [ACCOUNT, command.members] {
                assert!(members.is_sorted_by(|a, b| a.parameter.name < b.parameter.name), "{}", command.name);
            }
            let known = |name: &str| assert!(command.member(name).is_some(), "{} {name}", command.name);
            words(command.not_on_page).for_each(known);
            for rule in command.rules {
                match rule.when {
                    Some(When::Given(name) | When::Is(name, _)) => known(name),
                    Some(When::GivenUnless(name, other, _)) => [name, other].into_iter().for_each(known),
                    None => {}
                }
                match rule.demand {
                    Demand::OneOf(names) | Demand::Needs(names) | Demand::Refuses(names) => {
                        words(names).for_each(known);
                    }
                    Demand::Only(name, _) => known(name),
                }
            }
            for member in command.members {
                assert_eq!(member.parameter.kind == Kind::Choice, member.parameter.choices().next().is_some());
            }
        }
        assert!(Command::find("CAPTURE").is_some() && Command::find("capture").is_none());
    }
}
