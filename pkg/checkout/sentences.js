// Every sentence that shoppers read in the checkout, in both languages. `Issue.message` is for developers and is not shown.
// docs/checkout-sentences.md lists this table for the editors of each language; a test keeps them in step.

/**
 * By `parameter.variant`, else by `variant` or `parameter` alone. A name in braces is a fact: `{digits}`, `{brand}`,
 * `{date}`.
 * @type {Record<'en' | 'ar', Record<string, string>>}
 */
export const SENTENCES = {
  en: {
    card_number: 'Enter all the digits of the card number',
    'card_number.missing': 'Enter the card number',
    'card_number.digits': 'Enter all {digits} digits of the card number',
    'card_number.MEEZA': 'Enter all 16 or 19 digits of the card number',
    'card_number.too_many': 'Check the card number: {brand} numbers have {digits} digits',
    'card_number.bad_checksum': 'Check the card number: one of the digits is wrong',
    'card_number.not_allowed': 'This shop does not take {brand}',
    expiry_date: 'Enter the expiry date as MM/YY',
    'expiry_date.bad_month': 'There is no month {month}: enter the expiry date as MM/YY',
    'expiry_date.expired': 'This card expired in {date}',
    'expiry_date.far': 'Is {date} right? Check the year on your card',
    card_security_code: 'Enter the 3 or 4 digits of the security code',
    'card_security_code.back': 'Enter the 3 digits on the back of your card',
    'card_security_code.front': 'Enter the 4 digits on the front of your card',
    card_holder_name: 'Enter the name on the card without {character}',
    'card_holder_name.missing': 'Enter the name on the card',
    'card_holder_name.bad_format': 'Enter the name on the card, not its number',
    too_long: 'Enter at most {max} characters',
    amount: 'Enter the amount in digits, such as {example}',
    'amount.too_long': 'Enter a smaller amount',
    'amount.zero_amount': 'Enter an amount above zero',
    customer_email: 'Enter an email address such as name@example.com',
    phone_number: 'Enter the phone number in digits, such as 0501234567',
    hint: '3 or 4 digits on the card',
    'hint.back': '3 digits on the back of the card',
    'hint.front': '4 digits on the front of the card',
    summary: 'Check these before you pay',
  },
  ar: {
    card_number: 'أدخل رقم البطاقة كاملًا',
    'card_number.missing': 'أدخل رقم البطاقة',
    'card_number.digits': 'أدخل رقم البطاقة كاملًا، وهو {digits} رقمًا',
    'card_number.MEEZA': 'أدخل رقم البطاقة كاملًا، وهو 16 أو 19 رقمًا',
    'card_number.too_many': 'تحقق من رقم البطاقة، فرقم بطاقة {brand} مكوّن من {digits} رقمًا',
    'card_number.bad_checksum': 'تحقق من رقم البطاقة، فأحد الأرقام غير صحيح',
    'card_number.not_allowed': 'هذا المتجر لا يقبل بطاقات {brand}',
    expiry_date: 'أدخل تاريخ الانتهاء بصيغة MM/YY (شهر/سنة)',
    'expiry_date.bad_month': 'لا يوجد شهر رقمه {month}، أدخل تاريخ الانتهاء بصيغة MM/YY (شهر/سنة)',
    'expiry_date.expired': 'انتهت صلاحية هذه البطاقة في {date}',
    'expiry_date.far': 'هل {date} صحيح؟ تحقق من السنة المكتوبة على بطاقتك',
    card_security_code: 'أدخل رمز الأمان المكوّن من 3 أو 4 أرقام',
    'card_security_code.back': 'أدخل رمز الأمان المكوّن من 3 أرقام على ظهر بطاقتك',
    'card_security_code.front': 'أدخل رمز الأمان المكوّن من 4 أرقام على وجه بطاقتك',
    card_holder_name: 'أدخل الاسم المكتوب على البطاقة من دون {character}',
    'card_holder_name.missing': 'أدخل الاسم المكتوب على البطاقة',
    'card_holder_name.bad_format': 'أدخل الاسم المكتوب على البطاقة، لا رقمها',
    too_long: 'أدخل ما لا يزيد على {max} حرفًا',
    amount: 'أدخل المبلغ بالأرقام، مثل {example}',
    'amount.too_long': 'أدخل مبلغًا أصغر',
    'amount.zero_amount': 'أدخل مبلغًا أكبر من صفر',
    customer_email: 'أدخل بريدًا إلكترونيًا مثل name@example.com',
    phone_number: 'أدخل رقم الهاتف بالأرقام، مثل 0501234567',
    hint: '3 أو 4 أرقام على البطاقة',
    'hint.back': '3 أرقام على ظهر البطاقة',
    'hint.front': '4 أرقام على وجه البطاقة',
    summary: 'تحقق مما يلي قبل الدفع',
  },
};

/** The names of brands as people read them. @type {Record<'en' | 'ar', Record<string, string>>} */
export const BRANDS = {
  en: {
    VISA: 'Visa',
    MASTERCARD: 'Mastercard',
    AMEX: 'American Express',
    MADA: 'mada',
    MEEZA: 'Meeza',
    JAYWAN: 'Jaywan',
    DISCOVER: 'Discover',
    JCB: 'JCB',
    UNIONPAY: 'UnionPay',
    DINERS: 'Diners Club',
  },
  ar: {
    VISA: 'فيزا',
    MASTERCARD: 'ماستركارد',
    AMEX: 'أمريكان إكسبريس',
    MADA: 'مدى',
    MEEZA: 'ميزة',
    JAYWAN: 'جيوَن',
    DISCOVER: 'ديسكفر',
    JCB: 'JCB',
    UNIONPAY: 'يونيون باي',
    DINERS: 'داينرز كلوب',
  },
};

/**
 * @param {'en' | 'ar'} language
 * @param {string} about a parameter, `hint` or `summary`
 * @param {string} [variant] if it has no sentence of its own, that of all parameters or of `about` is used
 * @param {Record<string, unknown>} [facts]
 * @returns {string}
 */
export function sentence(language, about, variant, facts) {
  const table = SENTENCES[language];
  const text = table[`${about}.${variant}`] ?? table[`${variant}`] ?? table[about] ?? '';
  return text.replace(/\{(\w+)\}/g, (_, name) => String(facts?.[name] ?? ''));
}
