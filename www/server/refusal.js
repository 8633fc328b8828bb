/** What the shop will not do. `status` is the HTTP status, `issues` say why, if the package gave any. */
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
