/** A refused request. `status` is the HTTP status; `issues` are those of the package, if any. */
export class Refusal extends Error {
  /**
   * @param {string} code
   * @param {number} status
   * @param {readonly import('../rules.js').Issue[]} [issues]
   */
  constructor(code, status, issues = []) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    this.issues = issues;
  }
}
