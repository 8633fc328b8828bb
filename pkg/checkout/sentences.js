// Every sentence that shoppers read in the checkout, in both languages. `Issue.message` is for developers and is not shown.
// docs/checkout-sentences.md lists this table for the editors of each language; a test keeps them in step.

/** @typedef {readonly [english: string, arabic: string]} Pair */

/**
 * By `parameter.variant`, else by `parameter` alone. The summary lists them away from their fields, so each names its field
 * and says what to do. A name in braces is a fact: `{digits}`, `{brand}`, `{date}`.
 * @type {Record<string, Pair>}
 */
export const SENTENCES = {
  card_number: ['Enter all the digits of the card number', 'أدخل رقم البطاقة كاملًا'],
  'card_number.missing': ['Enter the card number', 'أدخل رقم البطاقة'],
  'card_number.digits': ['Enter all {digits} digits of the card number', 'أدخل رقم البطاقة كاملًا، وهو {digits} رقمًا'],
  'card_number.MEEZA': ['Enter all 16 or 19 digits of the card number', 'أدخل رقم البطاقة كاملًا، وهو 16 أو 19 رقمًا'],
  'card_number.too_many': [
    'Check the card number: {brand} numbers have {digits} digits',
    'تحقق من رقم البطاقة، فرقم بطاقة {brand} مكوّن من {digits} رقمًا',
  ],
  'card_number.bad_checksum': [
    'Check the card number: one of the digits is wrong',
    'تحقق من رقم البطاقة، فأحد الأرقام غير صحيح',
  ],
  'card_number.not_allowed': ['This shop does not take {brand}', 'هذا المتجر لا يقبل بطاقات {brand}'],
  expiry_date: ['Enter the expiry date as MM/YY', 'أدخل تاريخ الانتهاء بصيغة MM/YY (شهر/سنة)'],
  'expiry_date.bad_month': [
    'There is no month {month}: enter the expiry date as MM/YY',
    'لا يوجد شهر رقمه {month}، أدخل تاريخ الانتهاء بصيغة MM/YY (شهر/سنة)',
  ],
  'expiry_date.expired': ['This card expired in {date}', 'انتهت صلاحية هذه البطاقة في {date}'],
  'expiry_date.far': [
    'Is the expiry date {date} right? Check the year on your card',
    'هل تاريخ الانتهاء {date} صحيح؟ تحقق من السنة المكتوبة على بطاقتك',
  ],
  card_security_code: ['Enter the 3 or 4 digits of the security code', 'أدخل رمز الأمان المكوّن من 3 أو 4 أرقام'],
  'card_security_code.back': [
    'Enter the 3 digits on the back of your card',
    'أدخل رمز الأمان المكوّن من 3 أرقام على ظهر بطاقتك',
  ],
  'card_security_code.front': [
    'Enter the 4 digits on the front of your card',
    'أدخل رمز الأمان المكوّن من 4 أرقام على وجه بطاقتك',
  ],
  card_holder_name: [
    'Enter the name on the card without {character}',
    'أدخل الاسم المكتوب على البطاقة من دون {character}',
  ],
  'card_holder_name.missing': ['Enter the name on the card', 'أدخل الاسم المكتوب على البطاقة'],
  'card_holder_name.bad_format': [
    'Enter the name on the card, not its number',
    'أدخل الاسم المكتوب على البطاقة، لا رقمها',
  ],
  'card_holder_name.too_long': [
    'Enter the name on the card in at most {max} characters',
    'أدخل الاسم المكتوب على البطاقة بما لا يزيد على {max} حرفًا',
  ],
  'card_holder_name.refused': [
    'Enter the name on the card as it is printed there',
    'أدخل الاسم المكتوب على البطاقة كما هو',
  ],
  amount: ['Enter the amount in digits, such as {example}', 'أدخل المبلغ بالأرقام، مثل {example}'],
  'amount.too_long': ['Enter a smaller amount', 'أدخل مبلغًا أصغر'],
  'amount.zero_amount': ['Enter an amount above zero', 'أدخل مبلغًا أكبر من صفر'],
  'amount.refused': ['Check the amount: this page does not accept it', 'تحقق من المبلغ، فهذه الصفحة لا تقبله'],
  customer_email: ['Enter an email address such as name@example.com', 'أدخل بريدًا إلكترونيًا مثل name@example.com'],
  'customer_email.too_long': [
    'Enter an email address of at most {max} characters, such as name@example.com',
    'أدخل بريدًا إلكترونيًا لا يزيد على {max} حرفًا، مثل name@example.com',
  ],
  'customer_email.unusual': [
    'Check the email address: it should look like name@example.com',
    'تحقق من البريد الإلكتروني، فهو يُكتب مثل name@example.com',
  ],
  phone_number: [
    'Enter the phone number in digits, such as 971501234567',
    'أدخل رقم الهاتف بالأرقام، مثل 971501234567',
  ],
  'phone_number.too_long': [
    'Enter a phone number of at most {max} characters, such as 971501234567',
    'أدخل رقم هاتف لا يزيد على {max} خانة، مثل 971501234567',
  ],
  hint: ['3 or 4 digits on the card', '3 أو 4 أرقام على البطاقة'],
  'hint.back': ['3 digits on the back of the card', '3 أرقام على ظهر البطاقة'],
  'hint.front': ['4 digits on the front of the card', '4 أرقام على وجه البطاقة'],
  summary: ['Check these before you pay', 'تحقق مما يلي قبل الدفع'],
};

/** The names of brands as people read them. @type {Record<string, Pair>} */
export const BRANDS = {
  VISA: ['Visa', 'فيزا'],
  MASTERCARD: ['Mastercard', 'ماستركارد'],
  AMEX: ['American Express', 'أمريكان إكسبريس'],
  MADA: ['mada', 'مدى'],
  MEEZA: ['Meeza', 'ميزة'],
  JAYWAN: ['Jaywan', 'جيوَن'],
  DISCOVER: ['Discover', 'ديسكفر'],
  JCB: ['JCB', 'JCB'],
  UNIONPAY: ['UnionPay', 'يونيون باي'],
  DINERS: ['Diners Club', 'داينرز كلوب'],
};

/** @param {'en' | 'ar'} language @param {Pair | undefined} pair @returns {string} */
const textIn = (language, pair) => pair?.[language === 'ar' ? 1 : 0] ?? '';

/** @param {'en' | 'ar'} language @param {string | null} brand @returns {string} empty for a brand that is not known */
export const brandName = (language, brand) => textIn(language, BRANDS[brand ?? '']);

/**
 * @param {'en' | 'ar'} language
 * @param {string} about a parameter, `hint` or `summary`
 * @param {string} [variant] if it has no sentence of its own, that of `about` is used
 * @param {Record<string, unknown>} [facts]
 * @returns {string}
 */
export function sentence(language, about, variant, facts) {
  const pair = SENTENCES[`${about}.${variant}`] ?? SENTENCES[about];
  return textIn(language, pair).replace(/\{(\w+)\}/g, (_, name) => String(facts?.[name] ?? ''));
}
