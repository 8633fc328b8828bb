// Characters that nobody sees: they come along when something is copied from a page or a message.

/** Inside a class of characters, escaped throughout: a page may decode its scripts as anything but UTF-8. */
export const INVISIBLE = '\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufe00-\\ufe0f\\ufeff';
