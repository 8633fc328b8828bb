import { Controller, Inject, Post, type RawBodyRequest, Req, Res } from '@nestjs/common';
import { type Account, createNotificationHandler } from 'aps-payops/server';
import { ACCOUNT } from './account';
import { Orders } from './orders';

interface Answer {
  status(code: number): { send(text: string): void };
}

@Controller('webhook')
export class WebhookController {
  readonly #notified: (request: Request) => Promise<Response>;

  constructor(@Inject(ACCOUNT) account: Account, @Inject(Orders) orders: Orders) {
    this.#notified = createNotificationHandler({
      account,
      order({ merchant_reference }) {
        const order = orders.find(merchant_reference);
        return order && { merchant_reference: order.id, amount: order.amount };
      },
      on: {
        PURCHASE({ outcome, params }) {
          const order = orders.find(params.merchant_reference);
          if (outcome === 'succeeded' && order?.status === 'open') order.status = 'paid';
        },
      },
    });
  }

  @Post()
  async receive(@Req() { rawBody }: RawBodyRequest<object>, @Res() answer: Answer) {
    const body = rawBody ? new Uint8Array(rawBody) : null;
    const response = await this.#notified(new Request('http://localhost/webhook', { method: 'POST', body }));
    answer.status(response.status).send(await response.text());
  }
}
