// Stands for how your staff log in.

import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text) => createHash('sha256').update(text).digest();

export function isStaff(authorization) {
  const { STAFF_TOKEN } = process.env;
  return Boolean(STAFF_TOKEN) && timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${STAFF_TOKEN}`));
}
