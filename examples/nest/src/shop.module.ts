import { Module } from '@nestjs/common';
import { accountFromEnv, PaymentServices } from 'aps-payops/server';
import { ACCOUNT } from './account';
import { Orders } from './orders';
import { OrdersController } from './orders.controller';
import { WebhookController } from './webhook.controller';

@Module({
  controllers: [OrdersController, WebhookController],
  providers: [
    Orders,
    { provide: ACCOUNT, useFactory: () => accountFromEnv() },
    { provide: PaymentServices, useFactory: () => PaymentServices.fromEnv() },
  ],
})
export class ShopModule {}
