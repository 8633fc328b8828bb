/** A form in which customers choose a result that a bank or a wallet would decide. */

import { html } from './html.js';

/** @typedef {{ label: string, hint: string }} Choice */

/**
 * @param {string} action Where it is sent, as `result`.
 * @param {{ pass: Choice, fail: Choice }} choices
 */
export const choiceForm = (action, { pass, fail }) => html`<form method="post" action="${action}" class="choice">
<div><button class="main" name="result" value="pass" aria-describedby="pass-hint">${pass.label}</button>
<p class="hint" id="pass-hint">${pass.hint}</p></div>
<div><button name="result" value="fail" aria-describedby="fail-hint">${fail.label}</button>
<p class="hint" id="fail-hint">${fail.hint}</p></div>
</form>`;
