import { Amount } from 'aps-payops';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { CardForm } from './CardForm.jsx';

const json = async (response) => (await response).json();

function Shop() {
  const [checkout, setCheckout] = useState(null);
  if (checkout) return <CardForm {...checkout} />;

  async function buy() {
    const body = JSON.stringify({ product: 'lamp' });
    const order = await json(fetch('/orders', { method: 'POST', body, headers: { 'content-type': 'application/json' } }));
    const form = await json(fetch(`/orders/${order.id}/form`));
    setCheckout({ ...form, price: Amount.fromMinor(order.amount.amount, order.amount.currency).format('en-AE') });
  }
  return (
    <button type="button" onClick={buy}>
      Buy a lamp
    </button>
  );
}

function Result({ id }) {
  const [status, setStatus] = useState('…');
  useEffect(() => {
    const look = async () => {
      const order = await json(fetch(`/orders/${id}`));
      if (order.next) location.replace(order.next); // the bank asks (3-D Secure)
      setStatus(order.status);
    };
    look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [id]);
  return <output>Your order is {status}.</output>;
}

const id = new URLSearchParams(location.search).get('order');
createRoot(document.getElementById('app')).render(<StrictMode>{id ? <Result id={id} /> : <Shop />}</StrictMode>);
