// Stands for how your staff log in.

import { createHash, timingSafeEqual } from 'node:crypto';

const { STAFF_TOKEN } = process.env;
if (!STAFF_TOKEN) throw new Error('Set STAFF_TOKEN: anyone who has it can refund.');

const digest = (text) => createHash('sha256').update(text).digest();
const expected = digest(`Bearer ${STAFF_TOKEN}`);

export const isStaff = (authorization = '') => timingSafeEqual(digest(authorization), expected);
