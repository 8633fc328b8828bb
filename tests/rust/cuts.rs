//! Signed replies, cut into parameters in every other way: none that is believed tells anything that decides differently.
//!
//! `APS_CUTS=100000000 cargo test --release --test cuts` is the long form; `APS_SEED` is another beginning.

use aps_payops::dictionary::Command;
use aps_payops::message::value::{Params, Value};
use aps_payops::reply::{Checks, Credentials, ReplyError, open_params};
use aps_payops::signature::canonical::canonical;
use aps_payops::signature::{Digest, Phrase, sign};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

const CUTS: u64 = 1_000_000;
/// Of each text.
const CUTS_OF_ONE: usize = 250;

/// `SplitMix64`: the same cuts in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<'p>(&mut self, from: &[&'p str]) -> &'p str {
        from[self.below(from.len())]
    }
}

/// What an attacker writes into a value, hoping that it will be cut out of it.
const FORGED: &[&str] = &[
    "response_code=14000",
    "response_code=02000",
    "response_code=12000",
    "status=14",
    "status=02",
    "status=12",
    "amount=500000",
    "amount=1",
    "currency=USD",
    "command=AUTHORIZATION",
    "command=PURCHASE",
    "query_command=CHECK_STATUS",
    "service_command=CURRENCY_CONVERSION",
    "service_command=PAYMENT_LINK",
    "merchant_reference=B",
    "maintenance_reference=m1",
    "order_description=B",
    "fort_id=7",
    "transaction_status=14",
    "transaction_code=14000",
    "authorized_amount=9",
    "captured_amount=9",
    "refunded_amount=9",
    "acquirer_response_code=00",
    "response_message=ok",
    "payment_option=VISA",
    "phone_number=5",
    "zz=",
    "zz={",
    "}",
    "=",
    "1",
    "x",
    "e",
];

/// Names that end in a deciding one, of APS and not.
const LONGER: &[&str] = &[
    "3ds_status",
    "acquirer_response_code",
    "authorized_amount",
    "captured_amount",
    "cashback_wallet_amount",
    "converted_amount",
    "converted_currency",
    "link_command",
    "otp_status",
    "processor_response_code",
    "query_command",
    "refunded_amount",
    "service_command",
    "token_status",
    "transaction_status",
    "wallet_amount",
    "x_amount",
    "zz_status",
];

const DECIDING: &[&str] = &[
    "amount",
    "command",
    "currency",
    "fort_id",
    "maintenance_reference",
    "merchant_reference",
    "order_description",
    "response_code",
    "status",
];

/// What else a reply to `CHECK_STATUS` is judged by.
const TOTALS: &[&str] =
    &["authorized_amount", "captured_amount", "refunded_amount", "transaction_code", "transaction_status"];

const REFERENCES: &[&str] = &[
    "X9",
    "order-17",
    "shop-zx",
    "a1z",
    "m-order",
    "n-pay",
    "ref_processor_",
    "17.transaction_",
    "o",
    "order-payment_",
];

/// A reply as APS may sign it: what decides is well formed, what the merchant or the customer chooses is not.
fn genuine(commands: &[(Command, Vec<&'static str>)], random: &mut Random) -> BTreeMap<String, String> {
    let mut choice = random.below(commands.len());
    if random.one_in(2) {
        let usual = random.pick(&["PURCHASE", "AUTHORIZATION", "CHECK_STATUS", "REFUND"]);
        choice = commands.iter().position(|(command, _)| command.name == usual).unwrap();
    }
    let (command, mut names) = commands[choice].clone();
    let code = random.pick(&["13666", "14000", "02000", "00072", "12000", "06000", "44000", "18000"]);
    let mut all = BTreeMap::from([
        (command.selector.to_owned(), command.name.to_owned()),
        ("response_code".to_owned(), code.to_owned()),
        ("status".to_owned(), code[..2].to_owned()),
    ]);
    names.extend(["acquirer_response_code", "acquirer_response_message", "processor_response_code", "3ds_url"]);
    names.extend(["number_of_installments", "reconciliation_reference", "payment_link", "authorization_code"]);
    let checks = matches!(command.name, "CHECK_STATUS" | "CHECK_VERIFY_CARD_STATUS");
    if checks {
        names.extend(TOTALS);
        names.retain(|name| *name != "amount");
    }
    let usual = ["access_code", "amount", "currency", "fort_id", "merchant_reference", "response_message", "language"];
    for name in usual {
        if (names.contains(&name) || matches!(name, "fort_id" | "response_message")) && !random.one_in(6) {
            all.insert(name.to_owned(), own_value(name, code, random).unwrap());
        }
    }
    for _ in 0..random.below(6) {
        let name = names[random.below(names.len())];
        let value = own_value(name, code, random).unwrap_or_else(|| chosen_value(random));
        all.entry(name.to_owned()).or_insert(value);
    }
    // A chosen value directly ahead of what decides, where any parameter has its place.
    for deciding in ["amount", "command", "currency", "response_code", "status"] {
        let Some((before, _)) = all.range(..deciding.to_owned()).next_back() else { continue };
        let between = |name: &&&str| {
            **name > before.as_str() && **name < deciding && own_value(name, code, &mut Random(0)).is_none()
        };
        let between: Vec<&str> = names.iter().filter(between).copied().collect();
        if all.contains_key(deciding) && !between.is_empty() && random.one_in(2) {
            all.insert(random.pick(&between).to_owned(), chosen_value(random));
        }
    }
    all.remove("signature");
    bait(&mut all, code, random);
    all
}

/// The value of a parameter that neither the merchant nor the customer can fill with text of any kind.
fn own_value(name: &str, code: &str, random: &mut Random) -> Option<String> {
    let value = match name {
        "access_code" => "zx",
        "language" => "en",
        "merchant_identifier" => "CycHZxVj",
        "acquirer_response_code" | "processor_response_code" => random.pick(&["00", "05", "APPROVED", "", "12345"]),
        "acquirer_response_message" => "Approved",
        "response_message" => random.pick(&["Success", "Declined"]),
        "currency" | "converted_currency" => random.pick(&["AED", "USD", "JPY"]),
        "fort_id" => random.pick(&["149295435400084008", "7"]),
        "merchant_reference" | "maintenance_reference" => random.pick(REFERENCES),
        "order_description" => random.pick(&["Tea", "Tea for two", "", "processor_", "to p", "captured_"]),
        "3ds_url" => "https://acs.example/?a=b",
        "3ds_status" => "Y",
        "token_status" => "ACTIVE",
        "otp_status" => random.pick(&["00", "1", "SENT"]),
        "link_command" => random.pick(&["PURCHASE", "AUTHORIZATION"]),
        "transaction_code" => random.pick(&["14000", "13666", ""]),
        "transaction_status" => random.pick(&["14", "13", ""]),
        _ if name.ends_with("amount") => random.pick(&["100", "9", "0"]),
        _ if is_selector(name) || matches!(name, "response_code" | "status") => code,
        _ => return None,
    };
    Some(value.to_owned())
}

fn chosen_value(random: &mut Random) -> String {
    let mut value: String = (0..random.below(5)).map(|_| random.pick(FORGED)).collect();
    if random.one_in(2) {
        value.push_str(random.pick(&["e", "zz", "zz=", "re", "x_", "customer_name=", "phone_number="]));
    }
    value
}

/// Ends the value ahead of a deciding parameter so that the name of that one becomes part of a longer name.
fn bait(all: &mut BTreeMap<String, String>, code: &str, random: &mut Random) {
    let names: Vec<String> = all.keys().cloned().collect();
    for pair in names.windows(2) {
        let [before, own] = pair else { continue };
        let longer: Vec<&str> = LONGER.iter().copied().filter(|name| name.ends_with(own.as_str())).collect();
        if longer.is_empty() || own_value(before, code, random).is_some() || random.one_in(3) {
            continue;
        }
        let value = all.get_mut(before).unwrap();
        if random.one_in(2) {
            "X".clone_into(value);
        }
        for other in DECIDING {
            if other == own || random.one_in(20) {
                let forged: Vec<&str> = FORGED.iter().copied().filter(|text| text.starts_with(other)).collect();
                value.push_str(random.pick(&forged));
            }
        }
        value.push_str(random.pick(&longer).strip_suffix(own.as_str()).unwrap());
    }
}

fn params<'a>(members: &[(&'a str, &'a str)]) -> Params<'a> {
    let mut params = Params::new();
    for (name, value) in members {
        params.push(*name, Value::Text(Cow::Borrowed(value)));
    }
    params
}

/// Cuts of one text, each the genuine one with a few changes. A `=` ends the name of a parameter, which may begin at a few
/// places, or at none: then the `=` is part of a value.
struct Cuts<'t> {
    text: &'t str,
    /// For each `=`, where it stands and where a name may begin that it ends.
    names: Vec<(usize, Vec<usize>)>,
    /// For each `=`, where the name begins in the genuine reply.
    genuine: Vec<Option<usize>>,
    /// The other readings at which a name ends that decides: which `=`, and where that name begins.
    likely: Vec<(usize, usize)>,
}

impl<'t> Cuts<'t> {
    fn new(text: &'t str, members: &[(&str, &str)], random: &mut Random) -> Self {
        let mut heads = BTreeMap::new();
        let mut at = 0;
        for (name, value) in members {
            heads.insert(at + name.len(), at);
            at += name.len() + 1 + value.len();
        }
        let equals: Vec<usize> = text.match_indices('=').map(|(at, _)| at).collect();
        let (mut names, mut likely) = (Vec::new(), Vec::new());
        for (index, end) in equals.iter().copied().enumerate() {
            let first = if index == 0 { 0 } else { equals[index - 1] + 1 };
            let before = &text[first..end];
            let ending = DECIDING.iter().chain(LONGER).filter(|name| before.ends_with(**name));
            let mut starts: BTreeSet<usize> =
                ending.map(|name| end - name.len()).chain(heads.get(&end).copied()).collect();
            likely.extend(starts.iter().filter(|at| index > 0 && heads.get(&end) != Some(at)).map(|at| (index, *at)));
            let own = starts.clone();
            // Any other place as well, most of all near to those.
            for start in own.into_iter().chain([end]) {
                starts.insert(first + random.below(before.len() + 1));
                starts.insert((start + random.below(8)).saturating_sub(4).clamp(first, end));
            }
            if index == 0 {
                starts = BTreeSet::from([0]);
            }
            names.push((end, starts.into_iter().filter(|at| text.is_char_boundary(*at)).collect()));
        }
        let genuine = equals.iter().map(|end| heads.get(end).copied()).collect();
        Self { text, names, genuine, likely }
    }

    /// A cut with so many changes; none if its names are not sorted.
    fn pick(&self, changes: usize, random: &mut Random) -> Option<Vec<(&'t str, &'t str)>> {
        let mut chosen = self.genuine.clone();
        for _ in 0..changes {
            if !self.likely.is_empty() && random.one_in(2) {
                let (index, start) = self.likely[random.below(self.likely.len())];
                chosen[index] = Some(start);
                continue;
            }
            let index = random.below(chosen.len());
            let starts = &self.names[index].1;
            let is_head = chosen[index].is_some();
            chosen[index] =
                if index > 0 && is_head && random.one_in(3) { None } else { Some(starts[random.below(starts.len())]) };
        }
        let heads: Vec<(usize, usize)> =
            chosen.iter().zip(&self.names).filter_map(|(start, (end, _))| start.map(|start| (start, *end))).collect();
        let end_of = |index: usize| heads.get(index + 1).map_or(self.text.len(), |(start, _)| *start);
        let cut: Vec<(&str, &str)> = heads
            .iter()
            .enumerate()
            .map(|(index, (start, equals))| (&self.text[*start..*equals], &self.text[equals + 1..end_of(index)]))
            .collect();
        cut.is_sorted_by(|(one, _), (other, _)| one < other).then_some(cut)
    }
}

fn value_of<'m>(members: &[(&'m str, &'m str)], name: &str) -> Option<&'m str> {
    let is_named = |own: &str| if name == "command" { is_selector(own) } else { own == name };
    members.iter().find(|(own, _)| is_named(own)).map(|(_, value)| *value)
}

fn is_selector(name: &str) -> bool {
    matches!(name, "command" | "query_command" | "service_command")
}

/// Whether a deciding parameter of the genuine reply has another value, or is missing.
fn is_forged(genuine: &[(&str, &str)], cut: &[(&str, &str)]) -> bool {
    let decides = DECIDING.iter().any(|name| {
        let own = value_of(genuine, name);
        own.is_some() && own != value_of(cut, name)
    });
    let is_other = |name: &&str| match (value_of(genuine, name), value_of(cut, name)) {
        (Some(own), Some(cut)) => own != cut,
        _ => false,
    };
    decides || matches!(value_of(genuine, "command"), Some("CHECK_STATUS")) && TOTALS.iter().any(is_other)
}

/// The number that an environment variable gives.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

#[test]
fn no_other_cut_of_a_signed_text_is_believed() {
    let mut random = Random(number("APS_SEED").unwrap_or(1));
    let whole = |name: &&str| !name.contains(['.', '[']);
    let commands: Vec<(Command, Vec<&str>)> = Command::all()
        .map(|command| (command, command.parameters().map(|own| own.name).filter(whole).collect()))
        .collect();
    let phrases = [Phrase::new("response-phrase".to_owned()).unwrap()];
    let credentials = [Credentials { access_code: "zx", phrases: &phrases, digest: Digest::Sha256 }];
    let checks = Checks { credentials: &credentials, expected: &[], ignore: &[], direct: false };
    let (mut cuts, mut forged, mut opened, mut neighbours) = (0u64, 0u64, 0u64, 0u64);
    while cuts < number("APS_CUTS").unwrap_or(CUTS) {
        let members = genuine(&commands, &mut random);
        let own: Vec<(&str, &str)> = members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let signature = sign(&params(&own), &[], &phrases[0], Digest::Sha256);
        let mut text = String::new();
        canonical(&params(&own), &[], &mut text);
        let open = |cut: &[(&str, &str)]| {
            let mut params = params(cut);
            params.push("signature", Value::Text(Cow::Borrowed(&signature)));
            match open_params(params, &checks) {
                Ok(_) => true,
                // An unknown access code is looked up before anything else.
                Err(ReplyError::Ambiguous(_) | ReplyError::NotAReply(_) | ReplyError::UnknownAccessCode) => false,
                other => panic!("{other:?} {cut:?}"),
            }
        };
        opened += u64::from(open(&own));
        let from = Cuts::new(&text, &own, &mut random);
        let mut seen = HashSet::new();
        for turn in 0..CUTS_OF_ONE {
            let Some(cut) = from.pick(1 + turn % 5, &mut random) else { continue };
            if cut == own || !seen.insert(cut.clone()) {
                continue;
            }
            cuts += 1;
            if is_forged(&own, &cut) {
                forged += 1;
                assert!(!open(&cut), "APS signed {own:#?}\nand this was believed: {cut:#?}");
            } else {
                neighbours += u64::from(open(&cut));
            }
        }
    }
    println!(
        "{cuts} cuts, {forged} of them forged; {opened} genuine replies opened, {neighbours} with other neighbours"
    );
    assert!(forged > cuts / 4 && opened > 0 && neighbours > 0);
}
