import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Stands for how your staff log in. */
@Injectable()
export class StaffGuard implements CanActivate {
  readonly #expected: Buffer;

  constructor() {
    const { STAFF_TOKEN } = process.env;
    if (!STAFF_TOKEN) throw new Error('Set STAFF_TOKEN: anyone who has it can refund.');
    this.#expected = digest(`Bearer ${STAFF_TOKEN}`);
  }

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    if (!timingSafeEqual(digest(headers.authorization ?? ''), this.#expected)) throw new UnauthorizedException();
    return true;
  }
}
