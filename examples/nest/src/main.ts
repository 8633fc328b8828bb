import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ShopModule } from './shop.module';

async function start() {
  // The webhook needs the body as it came: what a parser makes of it may have lost what was signed.
  const app = await NestFactory.create<NestExpressApplication>(ShopModule, { rawBody: true });
  await app.listen(process.env.PORT ?? 3000);
}

void start();
