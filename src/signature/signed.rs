//! The signed text in pieces, each of which can be replaced.

use super::budget::weight;
use super::canonical::{in_order, push_parameter};
use crate::message::value::{Params, Value};
use alloc::string::String;
use alloc::vec::Vec;

/// A signed parameter.
pub(super) struct Segment<'p> {
    pub(super) name: &'p str,
    pub(super) value: &'p Value<'p>,
    /// `name=value`
    pub(super) piece: String,
    /// The cost of altering it.
    pub(super) weight: usize,
}

/// The canonical text in pieces.
pub(super) struct Signed<'p> {
    pub(super) segments: Vec<Segment<'p>>,
    /// The length of the text, in bytes.
    pub(super) length: usize,
}

impl<'p> Signed<'p> {
    #[inline(never)]
    pub(super) fn new(params: &'p Params<'p>, left_out: &[&str]) -> Self {
        let ordered = in_order(params, left_out);
        let mut segments = Vec::with_capacity(ordered.len());
        let mut length = 0usize;
        for (name, value) in ordered {
            let piece = segment(name, value);
            length = length.saturating_add(piece.len());
            let weight = weight(value).saturating_add(piece.len().saturating_mul(2)).saturating_add(64);
            segments.push(Segment { name, value, piece, weight });
        }
        Self { segments, length }
    }

    /// The cost of altering all of it.
    pub(super) fn weight(&self) -> usize {
        self.segments.iter().map(|segment| segment.weight).sum()
    }

    /// The text, with one piece replaced.
    #[inline(never)]
    pub(super) fn text(&self, replaced: Option<(usize, &str)>) -> String {
        let mut text = String::with_capacity(self.length.saturating_add(replaced.map_or(0, |(_, other)| other.len())));
        for (index, segment) in self.segments.iter().enumerate() {
            text.push_str(match replaced {
                Some((place, other)) if place == index => other,
                _ => &segment.piece,
            });
        }
        text
    }

    /// The text with one more parameter in its place.
    #[inline(never)]
    pub(super) fn text_with(&self, name: &str, value: &Value<'_>) -> String {
        let mut piece = segment(name, value);
        let place = self.segments.partition_point(|other| other.name < name);
        if let Some(next) = self.segments.get(place) {
            piece.push_str(&next.piece);
            return self.text(Some((place, &piece)));
        }
        let mut text = self.text(None);
        text.push_str(&piece);
        text
    }
}

/// `name=value`
#[inline(never)]
pub(super) fn segment(name: &str, value: &Value<'_>) -> String {
    let mut piece = String::new();
    push_parameter(&mut piece, name, value);
    piece
}
