// No framework: what htmx and Turbo do, a part of the form replaced by markup, and the form in a shadow root.
import { attachCheckout } from 'aps-payops';
import { CARD, GATEWAY, HIDDEN, options } from './shared.js';

const card = () =>
  `<div class="card">${CARD.map(([name, id]) => `<input id="${id}" name="${name}" aria-label="${name}" required>`).join('')}</div>`;
const markup = `<form method="post" action="${GATEWAY}">
  ${HIDDEN.map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`).join('')}
  ${card()}<p data-aps-message="card_number"></p><button id="pay">Pay</button></form>`;

/** @param {Document | ShadowRoot} root */
function start(root) {
  const form = root.querySelector('form');
  window.root = root;
  window.checkout = attachCheckout(form, options);
  window.swap = () => form.querySelector('.card').replaceWith(document.createRange().createContextualFragment(card()));
}

class ShopCheckout extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: this.getAttribute('mode') });
    root.innerHTML = markup;
    start(root);
  }
}
customElements.define('shop-checkout', ShopCheckout);

const mode = new URLSearchParams(location.search).get('shadow');
const app = document.getElementById('app');
app.innerHTML = mode ? `<shop-checkout mode="${mode}"></shop-checkout>` : markup;
if (!mode) start(document);
