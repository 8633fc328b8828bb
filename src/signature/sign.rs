//! Signatures: a digest over the phrase, the canonical text and the phrase again.

use crate::message::form::hex_digit;
use crate::message::value::Params;
use crate::signature::canonical::{canonical, room_for};
use crate::wiped::Wiped;
use alloc::string::String;
use core::fmt;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

/// The digests of an account, named as in the APS back office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// `SHA-256`
    Sha256,
    /// `SHA-512`
    Sha512,
    /// `HMAC-256`: HMAC-SHA-256 keyed with the phrase, over a text that also contains the phrase.
    HmacSha256,
    /// `HMAC-512`: the same with SHA-512.
    HmacSha512,
}

impl Digest {
    /// Every digest, in the order of the back office.
    pub const ALL: [Self; 4] = [Self::Sha256, Self::Sha512, Self::HmacSha256, Self::HmacSha512];

    /// The digest with that name, exactly as [`Digest::name`] writes it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|digest| digest.name() == name)
    }

    /// The name in the APS back office.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sha512 => "SHA-512",
            Self::HmacSha256 => "HMAC-256",
            Self::HmacSha512 => "HMAC-512",
        }
    }
}

/// A SHA request or response phrase. It is wiped when dropped and never shown.
pub struct Phrase(Zeroizing<String>);

impl Phrase {
    /// Takes ownership of the phrase. `None` if it is empty: anyone could sign with that.
    #[must_use]
    pub fn new(phrase: String) -> Option<Self> {
        let phrase = Zeroizing::new(phrase);
        if phrase.is_empty() { None } else { Some(Self(phrase)) }
    }

    /// The secret itself, for code that has to hide it elsewhere.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A signature as bytes: 32 or 64 of them.
#[derive(Clone, Copy)]
pub(crate) struct Signature {
    bytes: [u8; 64],
    length: usize,
}

impl Signature {
    fn new(digest: &[u8]) -> Self {
        let mut bytes = [0; 64];
        for (slot, byte) in bytes.iter_mut().zip(digest) {
            *slot = *byte;
        }
        Self { bytes, length: digest.len().min(64) }
    }

    /// Reads 64 or 128 hexadecimal digits, in upper or lower case.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 && text.len() != 128 {
            return None;
        }
        let mut bytes = [0; 64];
        for (slot, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *slot = (hex_digit(*high)? << 4) | hex_digit(*low)?;
        }
        Some(Self { bytes, length: text.len() / 2 })
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn hex(&self) -> Hex {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |value: u8| DIGITS.get(usize::from(value)).copied().unwrap_or(b'0');
        let mut hex = [0; 128];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.as_bytes()) {
            if let [high, low] = pair {
                *high = digit(byte >> 4);
                *low = digit(byte & 0xF);
            }
        }
        Hex { hex, length: self.length.saturating_mul(2) }
    }

    /// Whether both are equal, in constant time.
    pub(crate) fn same(&self, other: &Self) -> Choice {
        self.as_bytes().ct_eq(other.as_bytes())
    }
}

/// A signature in lower-case hexadecimal digits: 64 or 128 of them.
#[derive(Clone, Copy, Debug)]
pub struct Hex {
    hex: [u8; 128],
    length: usize,
}

impl Hex {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_ref()).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Hex {
    fn as_ref(&self) -> &[u8] {
        self.hex.get(..self.length).unwrap_or_default()
    }
}

/// Signs a canonical text. The phrase is fed to the hash directly: no buffer ever holds it next to the text.
fn sign_text(text: &str, phrase: &Phrase, digest: Digest) -> Signature {
    sign_with(text.as_bytes(), phrase.expose(), digest)
}

/// Like [`sign_text`], with a phrase that its owner wipes. It must not be empty.
pub(crate) fn sign_with(text: &[u8], phrase: &str, digest: Digest) -> Signature {
    let phrase = phrase.as_bytes();
    match digest {
        Digest::Sha256 => hashed::<Sha256>(text, phrase),
        Digest::Sha512 => hashed::<Sha512>(text, phrase),
        Digest::HmacSha256 => keyed::<Hmac<Sha256>>(text, phrase),
        Digest::HmacSha512 => keyed::<Hmac<Sha512>>(text, phrase),
    }
}

#[inline(never)]
// In a loop, since every call to `update` is inlined.
fn hashed<D: sha2::Digest>(text: &[u8], phrase: &[u8]) -> Signature {
    let mut hash = D::new();
    for part in [phrase, text, phrase] {
        hash.update(part);
    }
    Signature::new(&hash.finalize())
}

#[inline(never)]
fn keyed<M: Mac + KeyInit>(text: &[u8], phrase: &[u8]) -> Signature {
    match <M as KeyInit>::new_from_slice(phrase) {
        Ok(mut mac) => {
            for part in [phrase, text, phrase] {
                mac.update(part);
            }
            Signature::new(&mac.finalize().into_bytes())
        }
        // HMAC accepts keys of any length. Should that ever change, an empty signature equals no other.
        Err(_) => Signature::new(&[]),
    }
}

/// Whether any phrase signs `text` as received. All phrases are tried, even after a match. None may be empty.
pub(crate) fn verify_text<'p>(
    text: &str,
    received: &Signature,
    phrases: impl Iterator<Item = &'p str>,
    digest: Digest,
) -> bool {
    let mut fits = Choice::from(0);
    for phrase in phrases {
        fits |= sign_with(text.as_bytes(), phrase, digest).same(received);
    }
    fits.into()
}

/// The signature of `params` without `signature` and the names `left_out`, in lower-case hexadecimal digits.
#[must_use]
pub fn sign(params: &Params<'_>, left_out: &[&str], phrase: &Phrase, digest: Digest) -> String {
    sign_text(&text_of(params, left_out), phrase, digest).hex().as_str().into()
}

/// The signature of `params` without `signature`, by a phrase that its owner wipes. It must not be empty.
#[cfg(feature = "server")]
pub(crate) fn sign_by(params: &Params<'_>, phrase: &str, digest: Digest) -> Hex {
    sign_with(text_of(params, &[]).as_bytes(), phrase, digest).hex()
}

/// Whether the `signature` in `params` was made with one of the phrases. False if it is missing or malformed.
#[must_use]
pub fn verify(params: &Params<'_>, left_out: &[&str], phrases: &[Phrase], digest: Digest) -> bool {
    verify_by(params, left_out, phrases.iter().map(Phrase::expose), digest)
}

/// The same, with phrases that their owner wipes. None may be empty.
pub(crate) fn verify_by<'p>(
    params: &Params<'_>,
    left_out: &[&str],
    phrases: impl Iterator<Item = &'p str>,
    digest: Digest,
) -> bool {
    params
        .text("signature")
        .and_then(Signature::from_hex)
        .is_some_and(|received| verify_text(&text_of(params, left_out), &received, phrases, digest))
}

/// The text that is signed. It may contain a card number, so it is wiped.
pub(crate) fn text_of(params: &Params<'_>, left_out: &[&str]) -> Wiped {
    // Text that grows would leave copies.
    let mut text = Wiped::with_capacity(room_for(params));
    canonical(params, left_out, &mut text);
    text
}
