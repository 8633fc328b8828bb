// React 19 in StrictMode: the inputs of another card have another key, and may be loaded late (Suspense).
import { attachCheckout } from 'aps-payops';
import { createElement as h, StrictMode, Suspense, use, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { CARD, GATEWAY, HIDDEN, options } from './shared.js';

/** Inputs that React holds the values of. */
function Card({ ready }) {
  use(ready);
  const [values, setValues] = useState({});
  window.held = values;
  return CARD.map(([name, id]) =>
    h('input', {
      key: name,
      id,
      name,
      'aria-label': name,
      required: true,
      value: values[name] ?? '',
      onChange: ({ target }) => setValues((before) => ({ ...before, [name]: target.value })),
    }),
  );
}

function Checkout() {
  const form = useRef(null);
  const [card, setCard] = useState({ key: 1, ready: Promise.resolve() });
  useEffect(() => {
    const checkout = attachCheckout(form.current, options);
    window.checkout = checkout;
    return () => checkout.detach();
  }, []);
  window.swap = () => setCard(({ key }) => ({ key: key + 1, ready: Promise.resolve() }));
  window.swapLate = () => {
    const ready = new Promise((done) => {
      window.arrive = done;
    });
    setCard(({ key }) => ({ key: key + 1, ready }));
  };
  return h(
    'form',
    { ref: form, method: 'post', action: GATEWAY },
    HIDDEN.map(([name, value]) => h('input', { key: name, type: 'hidden', name, value, readOnly: true })),
    h('input', { 'data-aps': 'customer_email', 'aria-label': 'Email' }),
    h(Suspense, { fallback: h('p', null, 'Loading') }, h(Card, { key: card.key, ready: card.ready })),
    h('p', { 'data-aps-message': 'card_number' }),
    h('button', { id: 'pay', type: 'submit' }, 'Pay'),
  );
}

createRoot(document.getElementById('app')).render(h(StrictMode, null, h(Checkout)));
