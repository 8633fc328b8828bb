import {
  Body,
  ConflictException,
  Controller,
  Get,
  Header,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  UseGuards,
} from '@nestjs/common';
import { type Account, buildForm, PaymentServices } from 'aps-payops/server';
import { ACCOUNT } from './account';
import { Orders } from './orders';
import { StaffGuard } from './staff.guard';

const { PORT = '3000', SHOP_URL = `http://localhost:${PORT}` } = process.env;

@Controller('orders')
export class OrdersController {
  constructor(
    @Inject(ACCOUNT) private readonly account: Account,
    @Inject(PaymentServices) private readonly aps: PaymentServices,
    @Inject(Orders) private readonly orders: Orders,
  ) {}

  @Post()
  create(@Body() { product }: { product: string }) {
    return this.orders.create(product) ?? notFound();
  }

  @Get(':id/pay')
  @Header('content-type', 'text/html; charset=utf-8')
  pay(@Param('id') id: string): string {
    const order = this.orders.find(id);
    if (order?.status !== 'open') return notFound();
    const params = {
      merchant_reference: order.id,
      amount: order.amount,
      customer_email: order.email,
      return_url: `${SHOP_URL}/orders/${order.id}`,
    };
    return buildForm('PURCHASE', params, this.account).html({ button: `Pay ${order.amount.format('en-AE')}` });
  }

  @Get(':id')
  show(@Param('id') id: string) {
    const { status } = this.orders.find(id) ?? notFound();
    return { id, status };
  }

  /** APS sends the customer back here, by GET or POST. That proves nothing: the notification does. */
  @Post(':id')
  @HttpCode(200)
  back(@Param('id') id: string) {
    return this.show(id);
  }

  @Post(':id/refund')
  @HttpCode(200)
  @UseGuards(StaffGuard)
  async refund(@Param('id') id: string) {
    const order = this.orders.find(id);
    if (order?.status !== 'paid') throw new ConflictException();
    order.status = 'refunding'; // a second click finds it so
    // Under a name that stays the same, APS refuses a second refund.
    const params = { merchant_reference: order.id, amount: order.amount, maintenance_reference: order.id };
    const { outcome } = await this.aps.refund(params, { baseline: true });
    if (outcome === 'succeeded') order.status = 'refunded';
    else if (outcome === 'failed' || outcome === 'rejected') order.status = 'paid';
    return { outcome };
  }
}

function notFound(): never {
  throw new NotFoundException();
}
