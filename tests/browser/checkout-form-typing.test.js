// Typing into a form that is attached: groups, caret, undo, pasting, autofill, Arabic digits.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bare, expiryPosted, look, NUMBERS, visit } from './checkout-form/stage.js';
import { browser, stage } from './checkout-form/with-form.js';

/** How people call the brands. */
const WORDS = { VISA: 'Visa', MASTERCARD: 'Mastercard', AMEX: 'American Express', MADA: 'mada', MEEZA: 'Meeza' };

/** @param {import('playwright-core').Page} page @param {string} id @param {number} caret */
const putCaret = (page, id, caret, end = caret) =>
  page.locator(`#${id}`).evaluate(
    (field, [from, to]) => {
      field.focus();
      field.setSelectionRange(from, to);
    },
    [caret, end],
  );

/** Pastes as a person does, by way of another field: at the caret, or at the beginning. */
async function paste(page, id, text, caret = 0) {
  await page.locator('#notes').fill(text);
  await page.locator('#notes').press('ControlOrMeta+a');
  await page.locator('#notes').press('ControlOrMeta+x');
  await putCaret(page, id, caret);
  await page.keyboard.press('ControlOrMeta+v');
}

for (const [brand, shown] of Object.entries(NUMBERS)) {
  test(`${brand} is grouped while it is typed, and its brand shown`, async (t) => {
    const page = await visit(t, browser, stage);
    for (const digit of bare(shown)) {
      await page.locator('#number').press(digit);
      const { value, caret } = await look(page, 'number');
      assert.ok(shown.startsWith(value) && !value.endsWith(' '), 'a beginning of the whole');
      assert.equal(caret, value.length);
    }
    const { value, valid } = await look(page, 'number');
    assert.equal(value === shown, true);
    assert.equal(valid, true);
    assert.equal(await page.locator('output').textContent(), WORDS[brand]);
    assert.equal(await page.locator('form').getAttribute('data-brand'), brand);
    assert.equal(await page.locator('#number').getAttribute('data-brand'), brand);
    await page.locator('#number').fill('');
    assert.equal(await page.locator('output').textContent(), '');
    assert.equal(await page.locator('form').getAttribute('data-brand'), null);
  });
}

test('the caret stays where something is put in or deleted', async (t) => {
  const page = await visit(t, browser, stage);
  const number = page.locator('#number');
  const is = async (value, caret, why) => {
    const now = await look(page, 'number');
    assert.deepEqual([now.value, now.caret], [value, caret], why);
  };
  await number.pressSequentially('1111222233334444');
  await is('1111 2222 3333 4444', 19);
  await putCaret(page, 'number', 2);
  await number.press('9');
  await is('1191 1222 2333 3444 4', 3, 'in the middle');
  await number.press('9');
  await number.press('9');
  await is('1199 9112 2223 3334 444', 6, 'over a space');
  await number.press('Backspace');
  await is('1199 1122 2233 3344 44', 4, 'back, before the space');
  await number.press('Backspace');
  await number.press('Backspace');
  await is('1111 2222 3333 4444', 2);
  await number.press('Delete');
  await is('1112 2223 3334 444', 2);
  await putCaret(page, 'number', 5);
  await number.press('Backspace');
  await is('1112 2233 3344 44', 3, 'backspace over a space takes a digit');
  await putCaret(page, 'number', 4);
  await number.press('Delete');
  await is('1112 2333 3444 4', 4, 'so does delete');
  await putCaret(page, 'number', 3, 11);
  await number.press('7');
  await is('1117 4444', 4, 'in place of a selection');
  await number.press('x');
  await is('1117 4444', 4, 'a letter is nothing');
  await number.press('End');
  for (let left = 8; left > 0; left--) await number.press('Backspace');
  await is('', 0);
});

test('typing can be undone and redone', async (t) => {
  const page = await visit(t, browser, stage);
  const number = page.locator('#number');
  await number.pressSequentially('40055500000000');
  assert.equal((await look(page, 'number')).value, '4005 5500 0000 00');
  let undone = 0;
  while ((await look(page, 'number')).value !== '' && undone < 40) {
    await number.press('ControlOrMeta+z');
    undone += 1;
  }
  assert.ok(undone < 40, 'nothing is left');
  for (let again = 0; again < undone; again++) await number.press('ControlOrMeta+Shift+z');
  assert.equal(bare((await look(page, 'number')).value), '40055500000000');
  await number.press('0');
  assert.equal((await look(page, 'number')).value, '4005 5500 0000 000');
});

test('numbers are pasted however they are written, also longer than maxlength said', async (t) => {
  const page = await visit(t, browser, stage);
  for (const shown of Object.values(NUMBERS)) {
    for (const text of [shown, bare(shown), shown.replaceAll(' ', '-'), `  ${shown.replaceAll(' ', '  ')}\t`]) {
      await page.locator('#number').fill('');
      await paste(page, 'number', text);
      const { value, caret, valid } = await look(page, 'number');
      assert.ok(value === shown && caret === shown.length && valid);
    }
  }
  await page.locator('#number').fill('');
  await page.locator('#number').pressSequentially('400001');
  await paste(page, 'number', '5550-000000', 3);
  const { value, caret } = await look(page, 'number');
  assert.deepEqual([value === NUMBERS.VISA, caret], [true, 16], 'in the middle');
  await page.locator('#expiry').fill('');
  await paste(page, 'expiry', '0827');
  assert.equal((await look(page, 'expiry')).value, '08/27');
  await page.locator('#expiry').fill('');
  await paste(page, 'expiry', '2027-08');
  assert.equal(await expiryPosted(page), '2708');
  await paste(page, 'code', '1 2');
  assert.equal((await look(page, 'code')).value, '12');
});

test('values set by autofill are taken, whichever events come with them', async (t) => {
  for (const types of [['input', 'change'], ['change'], ['input'], []]) {
    const page = await visit(t, browser, stage);
    const found = await page.evaluate(
      ([events, number]) => {
        const values = { number, expiry: '08/2027', code: '1234', holder: 'Layla Haddad' };
        for (const [id, value] of Object.entries(values)) {
          const field = document.getElementById(id);
          field.value = value;
          for (const type of events) field.dispatchEvent(new Event(type, { bubbles: true }));
        }
        document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
        // Whatever was filled in without an event is seen at the click at the latest.
        document.getElementById('pay').click();
        return {
          active: document.activeElement.id,
          valid: document.querySelector('form').checkValidity(),
          data: Object.fromEntries(new FormData(document.querySelector('form'))),
          grouped: document.getElementById('number').value.split(' ').length,
        };
      },
      /** @type {const} */ ([types, bare(NUMBERS.AMEX)]),
    );
    assert.equal(found.valid, true);
    assert.equal(found.active, '', 'the focus is left alone');
    assert.equal(found.data.card_number === bare(NUMBERS.AMEX), true);
    assert.equal(found.data.expiry_date, '2708');
    assert.equal(found.grouped, 3);
    await page.close();
  }
});

test('expiry dates are read however they are written', async (t) => {
  const page = await visit(t, browser, stage);
  const field = page.locator('#expiry');
  for (const [typed, shown, yymm] of [
    ['0827', '08/27', '2708'],
    ['08/27', '08/27', '2708'],
    ['827', '8/27', '2708'],
    ['8/27', '8/27', '2708'],
    ['1/27', '1/27', '2701'],
    ['1227', '12/27', '2712'],
    ['08 / 27', '08 / 27', '2708'],
    ['08-27', '08-27', '2708'],
    ['08/2027', '08/2027', '2708'],
    ['082027', '08/2027', '2708'],
    ['٠٨٢٧', '08/27', '2708'],
    ['۰۸/۲۷', '08/27', '2708'],
    ['08/2', '08/2', ''],
    ['08/1927', '08/1927', ''],
    ['abc', 'abc', ''],
  ]) {
    await field.fill('');
    await field.pressSequentially(typed);
    assert.equal((await look(page, 'expiry')).value, shown);
    assert.equal(await expiryPosted(page), yymm, typed);
  }
  await field.fill('');
  await field.pressSequentially('0827');
  for (const left of ['08/2', '08/', '08', '0', '']) {
    await field.press('Backspace');
    assert.equal((await look(page, 'expiry')).value, left);
  }
  await field.pressSequentially('0827');
  await putCaret(page, 'expiry', 3);
  await field.press('Backspace');
  assert.deepEqual([(await look(page, 'expiry')).value, (await look(page, 'expiry')).caret], ['0827', 2]);
  assert.equal(await expiryPosted(page), '2708');
});

test('an input of type month may hold the expiry date', async (t) => {
  stage.edit = (html) => html.replace('id="expiry"', 'id="expiry" type="month"');
  t.after(() => {
    stage.edit = (html) => html;
  });
  const page = await visit(t, browser, stage);
  await page.locator('#expiry').fill('2027-08');
  assert.equal(await expiryPosted(page), '2708');
  assert.equal((await look(page, 'expiry')).valid, true);
  await page.locator('#expiry').fill('2025-12');
  assert.equal((await look(page, 'expiry')).message, 'This card expired in 12/25');
});

test('Arabic and Persian digits become ASCII as they are typed', async (t) => {
  const page = await visit(t, browser, stage);
  const arabic = (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit)));
  const persian = (text) => text.replace(/\d/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));
  for (const turn of [arabic, persian]) {
    for (const [id, typed, shown] of [
      ['number', turn(bare(NUMBERS.MADA)), NUMBERS.MADA],
      ['code', turn('123'), '123'],
      ['phone', turn('+971 50 1234567'), '+971 50 1234567'],
      ['amount', turn('49.90').replace('.', '٫'), '49.90'],
    ]) {
      await page.locator(`#${id}`).fill('');
      await page.locator(`#${id}`).pressSequentially(typed);
      const { value, valid } = await look(page, id);
      assert.ok(value === shown && valid, id);
    }
    // A name keeps what it has.
    await page.locator('#holder').fill('');
    await page.locator('#holder').pressSequentially(`ليلى ${turn('2')}`);
    assert.equal((await look(page, 'holder')).value, `ليلى ${turn('2')}`);
  }
  await page.locator('#phone').fill('');
  await page.locator('#phone').pressSequentially('050 111');
  await putCaret(page, 'phone', 2);
  await page.locator('#phone').pressSequentially('٧');
  assert.deepEqual([(await look(page, 'phone')).value, (await look(page, 'phone')).caret], ['0570 111', 3]);
});

test('text that an input method is composing is not changed until it is finished', async (t) => {
  const page = await visit(t, browser, stage);
  const client = await page.context().newCDPSession(page);
  await page.locator('#number').focus();
  for (const text of ['4', '40', '400', '4005', '40055', '400555']) {
    await client.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  }
  assert.equal((await look(page, 'number')).value, '400555');
  await client.send('Input.insertText', { text: '400555' });
  assert.equal((await look(page, 'number')).value, '4005 55');
  assert.equal((await look(page, 'number')).caret, 7);
});

test('the change event still comes when the field is left', async (t) => {
  const page = await visit(t, browser, stage);
  await page.evaluate(() => {
    window.changes = [];
    document.querySelector('form').addEventListener('change', ({ target }) => window.changes.push(target.id));
  });
  // The last key is one that is answered by writing.
  await page.locator('#number').pressSequentially('40055');
  await page.locator('#expiry').pressSequentially('082');
  await page.locator('#code').focus();
  assert.deepEqual(await page.evaluate(() => window.changes), ['number', 'expiry']);
});

test('deleting a selected space deletes no digit', async (t) => {
  const page = await visit(t, browser, stage);
  for (const key of ['Backspace', 'Delete']) {
    await page.locator('#number').fill('');
    await page.locator('#number').pressSequentially(bare(NUMBERS.VISA));
    await putCaret(page, 'number', 4, 5);
    await page.keyboard.press(key);
    assert.equal((await look(page, 'number')).value === NUMBERS.VISA, true, key);
  }
});

test('Arabic and Persian digits are read, however the page decodes its scripts', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'aps-latin1-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['checkout/format.js', 'message/invisible.js']) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), readFileSync(new URL(`../../pkg/${name}`, import.meta.url), 'latin1'));
  }
  const { toAsciiDecimal } = await import(pathToFileURL(join(folder, 'checkout', 'format.js')).href);
  assert.equal(toAsciiDecimal('٤٩٫٩٩'), '49.99');
  assert.equal(toAsciiDecimal('۴۹٫۹۹'), '49.99');
});

test('a digit beyond the length of the brand is rejected, wherever it is typed', async (t) => {
  const page = await visit(t, browser, stage);
  for (const [brand, shown] of Object.entries(NUMBERS)) {
    await page.locator('#number').fill('');
    await page.locator('#number').pressSequentially(`${bare(shown)}77`);
    assert.ok((await look(page, 'number')).value === shown, brand);
    await putCaret(page, 'number', 7);
    await page.keyboard.type('99');
    const { value, caret } = await look(page, 'number');
    assert.ok(value === shown && caret === 7, `${brand} in the middle`);
  }
  // In place of what is selected there is room.
  await page.locator('#number').fill(bare(NUMBERS.VISA));
  await putCaret(page, 'number', 2, 3);
  await page.keyboard.type('7');
  assert.equal((await look(page, 'number')).value, '4075 5500 0000 0001');
  // What was pasted is not cut: it may be another number.
  await page.locator('#number').fill('');
  await paste(page, 'number', `${bare(NUMBERS.VISA)}2`);
  assert.equal((await look(page, 'number')).message, 'Check the card number: Visa numbers have 16 digits');
});

test('undo and redo go between grouped texts, with the caret where it was', async (t) => {
  const page = await visit(t, browser, stage);
  const undo = () => page.keyboard.press('ControlOrMeta+z');
  const redo = () => page.keyboard.press('ControlOrMeta+Shift+z');
  const is = async (value, caret) => {
    const now = await look(page, 'number');
    assert.deepEqual([now.value, now.caret], [value, caret]);
  };
  await page.locator('#number').pressSequentially('400555');
  await is('4005 55', 7);
  await putCaret(page, 'number', 2);
  await page.keyboard.type('12');
  await is('4012 0555', 4);
  await undo();
  await is('4010 555', 3);
  await undo();
  await is('4005 55', 2);
  await undo();
  await is('4005 5', 6);
  await redo();
  await redo();
  await is('4010 555', 3);
  await page.keyboard.press('ControlOrMeta+y');
  assert.equal((await look(page, 'number')).value, '4012 0555');
  // Typing after undo forgets what was undone.
  await undo();
  await page.keyboard.type('9');
  await redo();
  await is('4019 0555', 4);
  // A paste is one step, and the brand goes back with it.
  await page.locator('#number').fill('');
  await paste(page, 'number', bare(NUMBERS.AMEX));
  assert.equal(await page.locator('output').textContent(), 'American Express');
  await undo();
  assert.equal(await page.locator('output').textContent(), '');
  await redo();
  assert.ok((await look(page, 'number')).value === NUMBERS.AMEX);
});

test('a cleared security code does not come back by undo', async (t) => {
  const page = await visit(t, browser, stage);
  await page.locator('#code').pressSequentially('123');
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')));
  await page.locator('#code').focus();
  for (let step = 0; step < 5; step++) await page.keyboard.press('ControlOrMeta+z');
  assert.equal((await look(page, 'code')).value, '');
});

test('an ambiguous date is rejected', async (t) => {
  const page = await visit(t, browser, stage);
  for (const [typed, shown, message] of [
    ['30/12', '30/12', 'There is no month 30: enter the expiry date as MM/YY'],
    ['3012', '3012', 'There is no month 30: enter the expiry date as MM/YY'],
    ['27/12', '27/12', 'There is no month 27: enter the expiry date as MM/YY'],
    ['2712', '2712', 'There is no month 27: enter the expiry date as MM/YY'],
    ['31/01', '31/01', 'There is no month 31: enter the expiry date as MM/YY'],
    ['29-06', '29-06', 'There is no month 29: enter the expiry date as MM/YY'],
    ['٣٠/١٢', '30/12', 'There is no month 30: enter the expiry date as MM/YY'],
  ]) {
    await page.locator('#expiry').fill('');
    await page.locator('#expiry').pressSequentially(typed);
    const found = await look(page, 'expiry');
    assert.deepEqual([found.value, found.message], [shown, message]);
    assert.equal(await expiryPosted(page), '');
  }
});

test('dates with the year first are read, and shown as on the card once the field is left', async (t) => {
  const page = await visit(t, browser, stage);
  for (const typed of [
    '2027-08',
    '202708',
    '2027/08',
    '2027 08',
    '2027.08',
    '2027 / 08',
    '٢٠٢٧/٠٨',
    '2027\u201308',
    '8/27',
    '827',
  ]) {
    await page.locator('#expiry').fill('');
    await page.locator('#expiry').pressSequentially(typed);
    assert.equal(await expiryPosted(page), '2708', typed);
    await page.locator('#code').focus();
    assert.equal((await look(page, 'expiry')).value, '08/27', typed);
  }
  for (const typed of ['2027-13', '2027', '202700', '1927-08']) {
    await page.locator('#expiry').fill('');
    await page.locator('#expiry').pressSequentially(typed);
    assert.equal(await expiryPosted(page), '', typed);
    assert.equal((await look(page, 'expiry')).valid, false, typed);
  }
});

test('a far year is questioned, but does not block payment', async (t) => {
  const page = await visit(t, browser, stage);
  const readMessage = () => page.locator('[data-aps-message="expiry_date"]').textContent();
  await page.locator('#expiry').pressSequentially('08/77');
  await page.locator('#code').focus();
  assert.equal(await readMessage(), 'Is the expiry date 08/77 right? Check the year on your card');
  const found = await look(page, 'expiry');
  assert.deepEqual([found.valid, found.ariaInvalid], [true, null]);
  await page.locator('#expiry').fill('08/46');
  await page.locator('#code').focus();
  assert.equal(await readMessage(), '', 'twenty years are possible');
});

test('invisible characters are stripped, within names only at the ends', async (t) => {
  const page = await visit(t, browser, stage);
  const all = [
    '\u00ad',
    '\u200b',
    '\u200c',
    '\u200d',
    '\u200e',
    '\u200f',
    '\u202a',
    '\u202e',
    '\u2060',
    '\u2069',
  ].concat(['\ufe00', '\ufe0f', '\ufeff']);
  for (const sign of all) {
    const around = (/** @type {string} */ text) => `${sign}${text.slice(0, 2)}${sign}${text.slice(2)}${sign}`;
    for (const [id, text] of [
      ['number', NUMBERS.VISA],
      ['expiry', '08/27'],
      ['code', '123'],
      ['amount', '49.99'],
      ['email', 'layla@example.com'],
      ['phone', '+971 50 1234567'],
    ]) {
      await page.locator(`#${id}`).fill(around(text));
      await page.locator('#coupon').focus();
      const { value, valid } = await look(page, id);
      assert.ok(value === text && valid, `${id} U+${sign.charCodeAt(0).toString(16)}`);
    }
    // A Persian name: the joiner within is spelling.
    await page.locator('#holder').fill(`${sign}علی\u200cرضا${sign} `);
    await page.locator('#coupon').focus();
    assert.equal((await look(page, 'holder')).value, 'علی\u200cرضا');
  }
  const data = await page.evaluate(() => Object.fromEntries(new FormData(document.querySelector('form'))));
  assert.equal(data.card_holder_name, 'علی\u200cرضا');
  assert.ok(data.card_number === bare(NUMBERS.VISA));
  // While a name is typed, its joiner may come before the next letter.
  await page.locator('#holder').fill('');
  await page.locator('#holder').pressSequentially('می\u200c');
  assert.equal((await look(page, 'holder')).value, 'می\u200c');
});
