// Lines of code: neither blank nor comment. This knows just enough of Rust's and JavaScript's grammar: a line with
// code before a comment is code, and none of our strings contains a line that looks like a comment.

/** @param {string} text */
export function countLines(text) {
  let isComment = false;
  let count = 0;
  for (const line of text.split('\n')) {
    const { rest, open } = outsideComments(line.trim(), isComment);
    isComment = open;
    if (rest !== '') count += 1;
  }
  return count;
}

/**
 * The part of a line that is not a comment.
 * @param {string} line
 * @param {boolean} isComment whether it begins within one
 */
function outsideComments(line, isComment) {
  let rest = line;
  let open = isComment;
  for (;;) {
    if (open) {
      const end = rest.indexOf('*/');
      if (end < 0) return { rest: '', open };
      rest = rest.slice(end + 2).trim();
      open = false;
    }
    if (rest.startsWith('//')) return { rest: '', open };
    if (!rest.startsWith('/*')) return { rest, open };
    rest = rest.slice(2);
    open = true;
  }
}
