import { attachCheckout } from 'aps-payops';
import { useEffect, useRef, useState } from 'react';

/** Posts the card to APS. React holds none of its values. */
export function CardForm({ action, fields, price }) {
  const form = useRef(null);
  const [state, setState] = useState({ available: true, complete: false });

  useEffect(() => {
    const checkout = attachCheckout(form.current, {
      language: 'en',
      onChange: ({ complete }) => setState((before) => ({ ...before, complete })),
    });
    setState((before) => ({ ...before, available: checkout.available }));
    return () => checkout.detach();
  }, []);

  return (
    <form ref={form} method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <p>
        <label htmlFor="number">Card number</label>{' '}
        <input id="number" name="card_number" inputMode="numeric" autoComplete="cc-number" required aria-describedby="m1" />
        <span id="m1" data-aps-message="card_number" />
      </p>
      <p>
        <label htmlFor="expiry">Expiry (MM/YY)</label>{' '}
        <input id="expiry" data-aps="expiry_date" inputMode="numeric" autoComplete="cc-exp" required aria-describedby="m2" />
        <span id="m2" data-aps-message="expiry_date" />
      </p>
      <p>
        <label htmlFor="code">Security code</label>{' '}
        <input id="code" name="card_security_code" inputMode="numeric" autoComplete="cc-csc" required aria-describedby="m3" />
        <span id="m3" data-aps-message="card_security_code" />
      </p>
      <button type="submit" data-complete={state.complete}>
        Pay {price}
      </button>
      {!state.available && <p>Your browser cannot check the card here; the bank will.</p>}
    </form>
  );
}
