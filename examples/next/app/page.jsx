import { redirect } from 'next/navigation';
import { createOrder } from '../lib/orders.js';

async function buy() {
  'use server';
  redirect(`/orders/${createOrder('lamp').id}/pay`);
}

export default function Shop() {
  return (
    <form action={buy}>
      <button type="submit">Buy a lamp</button>
    </form>
  );
}
