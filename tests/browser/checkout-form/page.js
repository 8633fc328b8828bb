// The script of the page: attaches its form as the address says, and leaves the result where the tests find it.
import * as aps from 'aps-payops';

const { currency = 'AED', language = 'en', at } = Object.fromEntries(new URLSearchParams(location.search));
const form = document.querySelector('form');
window.aps = aps;
window.checkout = aps.attachCheckout(form, { currency, language, at: at === undefined ? undefined : Number(at) });
// How soon the page can be used (benches/keystroke.js).
window.ready = performance.now();
