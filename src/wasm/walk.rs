//! Walks a JavaScript value that is given as parameters, and reports every part that is refused.

use crate::dictionary::Kind;
use crate::issue::{Code, Issue};
use crate::text::{push_u64, read_u64};
use crate::value::{Params, Value};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use js_sys::{Array, Object, Reflect, Symbol};
use wasm_bindgen::{JsCast, JsValue};

const SOURCE: &str = "APS signs text, objects and lists of them";
const DEPTH: usize = 16;
const LONGEST: usize = 1 << 20;
/// More parts than a message of 1 MiB can hold; an object that refers to itself twice has no end of them.
const PARTS: u32 = 1 << 18;

/// More entries than any message has; each is held against all before it.
#[cfg(feature = "server")]
const MOST_ENTRIES: usize = 4096;

type Members = Vec<(Cow<'static, str>, Value<'static>)>;

/// One walk over one value.
#[derive(Default)]
pub(super) struct Walk {
    issues: Vec<Issue>,
    parts: u32,
    /// Keep empty text.
    exact: bool,
}

impl Walk {
    /// A walk that keeps empty text.
    #[cfg(feature = "server")]
    pub(super) fn exact() -> Self {
        Self { exact: true, ..Self::default() }
    }

    /// A message: entries of `URLSearchParams` or `FormData`, or a plain object.
    #[cfg(feature = "server")]
    pub(super) fn message(&mut self, value: &JsValue) -> Params<'static> {
        let entries = if let Some(search) = value.dyn_ref::<web_sys::UrlSearchParams>() {
            Some(search.entries())
        } else {
            value.dyn_ref::<web_sys::FormData>().map(web_sys::FormData::entries)
        };
        let Some(entries) = entries else { return self.params(value) };
        let mut params = Params::new();
        for entry in entries.into_iter().flatten() {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0), entry.get(1));
            let Some(text) = name.as_string() else { continue };
            if params.len() == MOST_ENTRIES {
                self.refuse(&text, Code::NotAllowed, "fewer parameters");
                break;
            }
            if params.get(&text).is_some() {
                self.refuse(&text, Code::Conflict, "once");
            } else if let Some(own) = value.as_string() {
                if is_lone(&name) || is_lone(&value) {
                    self.refuse(&text, Code::BadCharacter, "whole characters");
                } else {
                    params.push(text, Value::Text(Cow::Owned(own)));
                }
            } else {
                self.refuse(&text, Code::BadFormat, "text, not a file");
            }
        }
        params
    }

    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    fn refuse(&mut self, path: &str, code: Code, expected: &'static str) {
        self.issues.push(Issue::error(path, code, SOURCE).with("expected", expected));
    }

    /// The parameters in it; an `Amount` gives its digits, and its currency when none is named.
    pub(super) fn params(&mut self, value: &JsValue) -> Params<'static> {
        let mut params = Params::new();
        if !is_plain(value) {
            self.refuse("params", Code::BadFormat, "a plain object");
            return params;
        }
        let mut currency: Option<String> = None;
        self.members(value, "", |walk, name, member| {
            if member.is_undefined() || member.is_null() {
                return;
            }
            let kind = kind_of(&name);
            if is_amount(&member) {
                match (kind, read_amount(&member)) {
                    (Some(Kind::Amount), Some((digits, own))) => {
                        params.push(name, Value::Text(Cow::Owned(digits)));
                        currency = Some(own);
                    }
                    _ => walk.refuse(&name, Code::BadFormat, "text"),
                }
            } else if kind == Some(Kind::Amount) && member.as_f64().is_some() {
                // 20 would mean 0.20, and 19.99 no amount at all.
                walk.refuse(&name, Code::NotAnAmount, "an Amount, or minor units as digits or bigint");
            } else if let Some(value) = walk.value(&member, &name, DEPTH)
                && (walk.exact || value.as_text() != Some(""))
            {
                params.push(name, value);
            }
        });
        if let Some(currency) = currency {
            match params.text("currency") {
                None => params.push("currency", Value::Text(Cow::Owned(currency))),
                Some(given) if given != currency => {
                    self.issues.push(Issue::error("currency", Code::Conflict, SOURCE).with("with", "amount"));
                }
                Some(_) => {}
            }
        }
        params
    }

    /// Calls `each` for every own member that may be one; names are unique because it is one object.
    fn members(&mut self, object: &JsValue, path: &str, mut each: impl FnMut(&mut Self, String, JsValue)) {
        let Some(object) = object.dyn_ref::<Object>() else { return };
        self.inherited(object, path);
        let Ok(keys) = Reflect::own_keys(object) else {
            return self.refuse(path, Code::BadFormat, "a plain object");
        };
        for key in keys.iter() {
            let Some(name) = key.as_string() else {
                self.refuse(path_or_params(path), Code::NotAllowed, "names that are text");
                continue;
            };
            let full = join(path, &name);
            let descriptor = Reflect::get_own_property_descriptor(object, &key).unwrap_or_default();
            let field = |field: &str| Reflect::get(&descriptor, &JsValue::from_str(field)).unwrap_or_default();
            if !field("get").is_undefined() || !field("set").is_undefined() {
                self.refuse(&full, Code::NotAllowed, "a value, not an accessor");
            } else if name == "__proto__" {
                self.refuse(&full, Code::NotAllowed, "a parameter of APS");
            } else if is_lone(&key) {
                self.refuse(&full, Code::BadCharacter, "whole characters");
            } else if field("enumerable").is_truthy() {
                each(self, name, field("value"));
            }
        }
    }

    /// Members of the prototype would be left out by `JSON.stringify`, silently.
    fn inherited(&mut self, object: &Object, path: &str) {
        let prototype = Object::get_prototype_of(object);
        if prototype.is_null() {
            return;
        }
        // A plain object's prototype; whoever added to it meant no parameter of ours, and is told.
        for key in Object::keys(&prototype).iter() {
            if let Some(name) = key.as_string() {
                self.refuse(&join(path, &name), Code::NotAllowed, "a member of its own, not inherited");
            }
        }
    }

    fn value(&mut self, value: &JsValue, path: &str, depth: usize) -> Option<Value<'static>> {
        if self.parts == PARTS {
            return None;
        }
        self.parts = self.parts.saturating_add(1);
        if self.parts == PARTS {
            self.refuse(path, Code::BadFormat, "a message of at most 1 MiB");
            return None;
        }
        if let Some(text) = value.as_string() {
            return self.text(value, text, path);
        }
        if value.is_bigint() || is_safe_integer(value) {
            let text = js_sys::JsString::from(to_text(value)?);
            return text.as_string().map(|text| Value::Text(Cow::Owned(text)));
        }
        let Some(depth) = depth.checked_sub(1) else {
            self.refuse(path, Code::BadFormat, "at most 16 levels");
            return None;
        };
        if Array::is_array(value) {
            let list: &Array = value.unchecked_ref();
            let mut values = Vec::new();
            for place in 0..list.length() {
                if self.parts == PARTS {
                    return None;
                }
                let mut full = String::from(path);
                full.push('[');
                push_u64(&mut full, u64::from(place));
                full.push(']');
                values.extend(self.value(&list.get(place), &full, depth));
            }
            return Some(Value::List(values));
        }
        if is_plain(value) && !is_amount(value) {
            let mut members = Members::new();
            self.members(value, path, |walk, name, member| {
                if let Some(value) = walk.value(&member, &join(path, &name), depth) {
                    members.push((Cow::Owned(name), value));
                }
            });
            return Some(Value::Object(members));
        }
        self.refuse(path, Code::BadFormat, "text, a whole number, a plain object or a list");
        None
    }

    fn text(&mut self, value: &JsValue, text: String, path: &str) -> Option<Value<'static>> {
        if is_lone(value) {
            self.refuse(path, Code::BadCharacter, "whole characters");
        } else if text.len() > LONGEST {
            self.issues.push(Issue::error(path, Code::TooLong, SOURCE).with("max", LONGEST as u64));
        } else {
            return Some(Value::Text(Cow::Owned(text)));
        }
        None
    }
}

fn path_or_params(path: &str) -> &str {
    if path.is_empty() { "params" } else { path }
}

fn join(path: &str, name: &str) -> String {
    let mut full = String::from(path);
    if !full.is_empty() {
        full.push('.');
    }
    full.push_str(name);
    full
}

/// What the dictionary says of a name, in whatever command.
fn kind_of(name: &str) -> Option<Kind> {
    crate::dictionary::COMMANDS.iter().find_map(|command| command.member(name)).map(|member| member.parameter.kind)
}

/// An object written as `{…}`, or one without a prototype.
fn is_plain(value: &JsValue) -> bool {
    if !value.is_object() || Array::is_array(value) {
        return false;
    }
    let prototype = Object::get_prototype_of(value);
    // Of another realm, too: its prototype has no prototype. A class's has, and so has Object.create's.
    prototype.is_null()
        || (Object::get_prototype_of(&prototype).is_null()
            && Reflect::has(&prototype, &JsValue::from_str("hasOwnProperty")).unwrap_or(false)
            && Object::has_own(&prototype, &JsValue::from_str("hasOwnProperty")))
}

fn is_amount(value: &JsValue) -> bool {
    value.is_object()
        && Reflect::get(value, &Symbol::for_("aps-payops.Amount").into()).is_ok_and(|brand| brand.is_truthy())
}

fn read_amount(value: &JsValue) -> Option<(String, String)> {
    let minor = Reflect::get(value, &JsValue::from_str("minor")).ok()?;
    let digits = js_sys::JsString::from(to_text(&minor)?).as_string()?;
    read_u64(&digits)?;
    let currency = Reflect::get(value, &JsValue::from_str("currency")).ok()?.as_string()?;
    Some((digits, currency))
}

fn is_safe_integer(value: &JsValue) -> bool {
    js_sys::Number::is_safe_integer(value)
}

/// A bigint's or an integer's digits.
fn to_text(value: &JsValue) -> Option<JsValue> {
    if let Some(bigint) = value.dyn_ref::<js_sys::BigInt>() {
        return bigint.to_string(10).ok().map(Into::into);
    }
    value.dyn_ref::<js_sys::Number>().and_then(|number| number.to_string(10).ok()).map(Into::into)
}

/// Whether text has half of a surrogate pair, which UTF-8 cannot carry.
fn is_lone(value: &JsValue) -> bool {
    let Some(text) = value.dyn_ref::<js_sys::JsString>() else { return false };
    !text.is_valid_utf16()
}
