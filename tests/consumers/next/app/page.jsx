'use client';

import { Amount } from 'aps-payops';
import { sign } from 'aps-payops/server';
import { useEffect, useState } from 'react';

function attempt() {
  try {
    return sign({}, { phrase: 'p', digest: 'SHA-256' });
  } catch (error) {
    return error.message;
  }
}

export default function Page() {
  const [shown, setShown] = useState('');
  useEffect(() => setShown(attempt()), []);
  return (
    <p id="told">
      {String(Amount.parse('1.750', 'IQD'))} {shown}
    </p>
  );
}
