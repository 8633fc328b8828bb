// Invisible characters, which are copied along with text from a page or a message.

/** The inside of a character class. Escaped, since a page may decode its scripts with another encoding than UTF-8. */
export const INVISIBLE = '\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufe00-\\ufe0f\\ufeff';
