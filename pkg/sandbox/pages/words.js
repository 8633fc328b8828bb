/** Every sentence of the pages, in English and Arabic. */

/** @typedef {import('../cards.js').CardOutcome} CardOutcome */

const en = {
  gateway: 'Sandbox gateway',
  mode: 'Test mode',
  footer: 'An offline stand-in for the payment gateway. No money moves here. Use test cards only.',
  pay_title: 'Pay by card',
  token_title: 'Your card',
  token_intro: 'The card is stored at the gateway. The shop receives a token for it, not its number.',
  amount: 'Amount',
  reference: 'Reference',
  description: 'Description',
  card_number: 'Card number',
  expiry_date: 'Expiry date',
  expiry_hint: 'Month and year: MM/YY',
  card_security_code: 'Security code',
  security_hint: '3 digits on the back; 4 on the front of American Express',
  card_holder_name: 'Name on the card',
  optional: 'optional',
  remember_me: 'Save this card',
  pay: 'Pay',
  proceed: 'Continue',
  cancel: 'Cancel',
  stored: 'Saved card',
  pay_stored: 'Pay with this card',
  other_card: 'Another card',
  test_cards: 'Test cards',
  test_cards_intro: 'The card decides how the payment ends.',
  use: 'Use',
  code: 'code\u00a0{code}',
  purchase_only: 'Cards that accept only PURCHASE (mada, Meeza, Jaywan) are not listed for an AUTHORIZATION.',
  challenge_title: 'Confirm it is you',
  challenge_intro:
    'Your bank asks you to confirm this payment (3\u2011D\u00a0Secure). In the sandbox, you choose how it ends.',
  card: 'Card',
  pass: 'Pass',
  pass_hint: 'The bank confirms your identity, and the payment continues.',
  fail: 'Fail',
  fail_hint: 'The bank does not confirm your identity, and the payment fails.',
  abandon: 'Leave without an answer',
  abandon_hint: 'As if you closed the window: nobody is notified, and the payment stays open.',
  method_title: 'Pay by {method}',
  method_intro: 'Here {method} would ask you to confirm the payment. In the sandbox, you choose how it ends.',
  method_pass_hint: 'You confirm, and the payment is made.',
  decline: 'Decline',
  method_fail_hint: 'The payment is declined.',
  left_title: 'You left',
  left_text:
    'The bank got no answer, and the shop was not notified. CHECK_STATUS reports 20064 for this payment until the challenge is passed or failed.',
  left_back: 'Go back to the challenge',
  return_title: 'Back to the shop',
  return_text: 'Taking you back to the shop…',
  return_button: 'Continue',
  result_title: 'Result',
  result_text: 'The request named no page of the shop to return to.',
  problem: 'Something went wrong',
};

/**
 * \u2066 and \u2069 keep text that begins with a digit left to right.
 *
 * @type {typeof en}
 */
const ar = {
  gateway: 'بوابة الدفع التجريبية',
  mode: 'وضع تجريبي',
  footer: 'بديل محلي لبوابة الدفع. لا تنتقل هنا أي أموال: استخدم البطاقات التجريبية فقط.',
  pay_title: 'الدفع بالبطاقة',
  token_title: 'بطاقتك',
  token_intro: 'تُحفظ البطاقة لدى البوابة، ويحصل المتجر على رمز بديل عنها لا على رقمها.',
  amount: 'المبلغ',
  reference: 'المرجع',
  description: 'الوصف',
  card_number: 'رقم البطاقة',
  expiry_date: 'تاريخ الانتهاء',
  expiry_hint: 'الشهر ثم السنة: MM/YY',
  card_security_code: 'رمز الأمان',
  security_hint: '3 أرقام على ظهر البطاقة، و4 على وجه بطاقة أمريكان إكسبريس',
  card_holder_name: 'الاسم على البطاقة',
  optional: 'اختياري',
  remember_me: 'حفظ هذه البطاقة',
  pay: 'ادفع',
  proceed: 'متابعة',
  cancel: 'إلغاء',
  stored: 'البطاقة المحفوظة',
  pay_stored: 'ادفع بهذه البطاقة',
  other_card: 'بطاقة أخرى',
  test_cards: 'البطاقات التجريبية',
  test_cards_intro: 'تتوقف نتيجة الدفع على البطاقة وحدها.',
  use: 'استخدام',
  code: 'الرمز\u00a0{code}',
  purchase_only: 'لا تظهر هنا البطاقات التي تقبل PURCHASE فقط (مدى وميزة وجيوَن) لأن هذه العملية AUTHORIZATION.',
  challenge_title: 'تأكيد هويتك',
  challenge_intro:
    'يطلب بنكك تأكيد هذه العملية (\u20663\u2011D\u00a0Secure\u2069). في البيئة التجريبية، أنت من يختار كيف تنتهي.',
  card: 'البطاقة',
  pass: 'نجاح',
  pass_hint: 'يؤكد البنك هويتك وتستمر عملية الدفع.',
  fail: 'فشل',
  fail_hint: 'لا يؤكد البنك هويتك فتفشل عملية الدفع.',
  abandon: 'المغادرة دون إجابة',
  abandon_hint: 'كأن النافذة أُغلقت: لا يُبلَّغ أحد بشيء وتبقى العملية معلّقة.',
  method_title: 'الدفع عبر {method}',
  method_intro: 'هنا يطلب منك {method} تأكيد الدفع. في البيئة التجريبية، أنت من يختار كيف ينتهي.',
  method_pass_hint: 'تؤكّد الدفع فتُنفَّذ العملية.',
  decline: 'رفض',
  method_fail_hint: 'تُرفض العملية.',
  left_title: 'لقد غادرت',
  left_text:
    'لم يتلقَّ البنك إجابة ولم يُبلَّغ المتجر بشيء. سيظل CHECK_STATUS يذكر 20064 لهذه العملية إلى أن ينجح التحقق أو يفشل.',
  left_back: 'العودة إلى التحقق',
  return_title: 'العودة إلى المتجر',
  return_text: 'جارٍ إعادتك إلى المتجر…',
  return_button: 'متابعة',
  result_title: 'النتيجة',
  result_text: 'لا توجد صفحة في المتجر للعودة إليها.',
  problem: 'لم تنجح العملية',
};

export const WORDS = { en, ar };

/** @type {Record<'en' | 'ar', Record<CardOutcome, [string, string]>>} */
export const OUTCOMES = {
  en: {
    success: ['Approved', 'Carried out at once.'],
    challenge: ['3\u2011D\u00a0Secure', 'Approved once the challenge is passed.'],
    declined: ['Declined', 'Declined by the issuer.'],
    insufficient_funds: ['Insufficient funds', 'Declined by the issuer for lack of funds.'],
    uncertain: [
      'Uncertain, carried out',
      'Answered as uncertain. CHECK_STATUS and the notification show that it succeeded.',
    ],
    uncertain_declined: [
      'Uncertain, declined',
      'Answered as uncertain. CHECK_STATUS and the notification show that it was declined.',
    ],
    technical_problem: ['Technical problem', 'Answered as a technical problem, and not carried out.'],
    refund_declined: ['Refund declined', 'Approved. Its first refund is declined.'],
  },
  ar: {
    success: ['مقبولة', 'تُنفَّذ العملية فورًا.'],
    challenge: ['\u20663\u2011D\u00a0Secure\u2069', 'تُقبل بعد اجتياز التحقق.'],
    declined: ['مرفوضة', 'يرفضها البنك المُصدر.'],
    insufficient_funds: ['رصيد غير كافٍ', 'يرفضها البنك المُصدر لعدم كفاية الرصيد.'],
    uncertain: ['غير مؤكدة ونُفِّذت', 'تأتي الإجابة غير مؤكدة، ثم يبيّن CHECK_STATUS والإشعار أنها نُفِّذت.'],
    uncertain_declined: ['غير مؤكدة ورُفضت', 'تأتي الإجابة غير مؤكدة، ثم يبيّن CHECK_STATUS والإشعار أنها لم تُنفَّذ.'],
    technical_problem: ['مشكلة تقنية', 'تأتي الإجابة بمشكلة تقنية ولا تُنفَّذ العملية.'],
    refund_declined: ['استرداد مرفوض', 'تُقبل، ويُرفض استرداد مبلغها في المرة الأولى.'],
  },
};

/**
 * What a customer reads about a problem: by its code and parameter, by its code, or a general sentence.
 *
 * @type {Record<'en' | 'ar', Record<string, string>>}
 */
export const COMPLAINTS = {
  en: {
    '00001 card_number': 'Enter the card number.',
    '00001 expiry_date': 'Enter the expiry date.',
    '00001 card_security_code': 'Enter the security code.',
    '00016': 'Check the card number: one of its digits is wrong or missing.',
    '00012': 'This card has expired. Check the expiry date, or use another card.',
    '00100': 'There is no such month. Enter the expiry date as month and year, such as 05/30.',
    '00002 expiry_date': 'Enter the expiry date as month and year, such as 05/30.',
    '00032 expiry_date': 'Enter the expiry date as month and year, such as 05/30.',
    '00002 card_security_code':
      'Check the security code: 3 digits on the back of the card, or 4 on the front of American Express.',
    '00032 card_security_code':
      'Check the security code: 3 digits on the back of the card, or 4 on the front of American Express.',
    '00032 card_holder_name': 'Enter the name on the card in at most 50 characters.',
    '00044': 'The saved card is no longer available. Use another one.',
    '00049': 'This card cannot be used for this payment. Use another one.',
    '00087': 'This card cannot be used for this payment. Use another one.',
    '00066': 'This order has already been paid, or attempted. Go back to the shop.',
    other: 'The gateway rejected this request. Go back to the shop.',
  },
  ar: {
    '00001 card_number': 'أدخل رقم البطاقة.',
    '00001 expiry_date': 'أدخل تاريخ الانتهاء.',
    '00001 card_security_code': 'أدخل رمز الأمان.',
    '00016': 'تحقّق من رقم البطاقة، فأحد أرقامه خطأ أو ناقص.',
    '00012': 'انتهت صلاحية هذه البطاقة. تحقّق من تاريخ الانتهاء أو استخدم بطاقة أخرى.',
    '00100': 'لا يوجد شهر كهذا. اكتب تاريخ الانتهاء بالشهر ثم السنة، مثل 05/30.',
    '00002 expiry_date': 'اكتب تاريخ الانتهاء بالشهر ثم السنة، مثل 05/30.',
    '00032 expiry_date': 'اكتب تاريخ الانتهاء بالشهر ثم السنة، مثل 05/30.',
    '00002 card_security_code': 'تحقّق من رمز الأمان: 3 أرقام على ظهر البطاقة، أو 4 على وجه بطاقة أمريكان إكسبريس.',
    '00032 card_security_code': 'تحقّق من رمز الأمان: 3 أرقام على ظهر البطاقة، أو 4 على وجه بطاقة أمريكان إكسبريس.',
    '00032 card_holder_name': 'أدخل الاسم المكتوب على البطاقة بما لا يزيد على 50 حرفًا.',
    '00044': 'لم تعد البطاقة المحفوظة معروفة. استخدم بطاقة أخرى.',
    '00049': 'لا يمكن استخدام هذه البطاقة لهذه العملية. استخدم بطاقة أخرى.',
    '00087': 'لا يمكن استخدام هذه البطاقة لهذه العملية. استخدم بطاقة أخرى.',
    '00066': 'سبق دفع هذا الطلب أو محاولة دفعه. عُد إلى المتجر.',
    other: 'ترفض البوابة هذا الطلب. عُد إلى المتجر.',
  },
};

/** @type {Record<'en' | 'ar', Record<string, string>>} */
export const BRANDS = {
  en: {
    VISA: 'Visa',
    MASTERCARD: 'Mastercard',
    AMEX: 'American Express',
    MADA: 'mada',
    MEEZA: 'Meeza',
    JAYWAN: 'Jaywan',
  },
  ar: { VISA: 'فيزا', MASTERCARD: 'ماستركارد', AMEX: 'أمريكان إكسبريس', MADA: 'مدى', MEEZA: 'ميزة', JAYWAN: 'جيوَن' },
};

/** Ways to pay without a card. @type {Record<'en' | 'ar', Record<string, string>>} */
export const METHODS = {
  en: { STCPAY: 'STC Pay', VALU: 'valU', OMANNET: 'OmanNet', TABBY: 'Tabby', TAMARA: 'Tamara' },
  ar: {
    STCPAY: 'إس تي سي باي',
    VALU: 'ڤاليو',
    KNET: 'كي نت',
    NAPS: 'نابس',
    BENEFIT: 'بنفت',
    OMANNET: 'عُمان نت',
    TABBY: 'تابي',
    TAMARA: 'تمارا',
  },
};
