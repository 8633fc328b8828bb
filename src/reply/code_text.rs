//! The meaning of statuses, messages and acquirers' codes for people: in our own words, English and Arabic.
//!
//! Not in the artefacts. The generator turns these tables into JavaScript data (`pkg/generated/codes.js`), so that a page
//! which describes no codes contains none of them, and into the tables of `docs/reference.md`. What a code means to a program
//! is in `code.rs`.
//!
//! The Arabic uses one word for one idea: تفويض authorization, تحصيل capture, إلغاء void, استرداد refund, عملية transaction,
//! طلب request, طلب الشراء order, مُعامل parameter, بنك التاجر acquirer, البنك المصدر issuer, رمز مميز token.

/// The text of one code.
#[derive(Clone, Copy, Debug)]
pub struct CodeText {
    /// The code as APS sends it.
    pub code: &'static str,
    /// A sentence in English.
    pub en: &'static str,
    /// The same in Arabic.
    pub ar: &'static str,
    /// Where the code is listed; `inferred` where the meaning is known only from its use.
    pub source: &'static str,
}

/// The draft of APS's own reference.
const DOC: &str = "DOC";
/// A paraphrase of the current reference.
const ZK: &str = "ZK";
/// Two independent readers of the current reference.
const NEWER: &str = "SEV, ZK";
/// A list in an older guide; newer lists leave the code out.
const OLDER: &str = "older guide";
/// Seen only in the official `WooCommerce` plugin.
const WOO: &str = "WOO, inferred";
/// Seen only as the response code 92182.
const OTP: &str = "DOC, WOO, inferred";

macro_rules! texts {
    ($($code:literal $source:ident $en:literal $ar:literal)*) => {
        &[$(CodeText { code: $code, en: $en, ar: $ar, source: $source },)*]
    };
}

pub(super) use texts;

/// The statuses: the first two digits of a response code, and `status`. Sorted by code.
pub const STATUS: &[CodeText] = texts! {
    "00" DOC "The request was refused." "رُفض الطلب."
    "01" DOC "The order was saved." "تم حفظ طلب الشراء."
    "02" DOC "The authorization succeeded." "تم التفويض بنجاح."
    "03" DOC "The authorization failed." "فشل التفويض."
    "04" DOC "The capture succeeded." "تم تحصيل المبلغ بنجاح."
    "05" DOC "The capture failed." "فشل تحصيل المبلغ."
    "06" DOC "The refund succeeded." "تم استرداد المبلغ بنجاح."
    "07" DOC "The refund failed." "فشل استرداد المبلغ."
    "08" DOC "The authorization was voided." "تم إلغاء التفويض."
    "09" DOC "The authorization could not be voided." "تعذّر إلغاء التفويض."
    "10" DOC "The transaction was not completed." "لم تكتمل العملية."
    "11" DOC "The status check failed." "فشل الاستعلام عن الحالة."
    "12" DOC "The status check succeeded." "تم الاستعلام عن الحالة بنجاح."
    "13" DOC "The purchase failed." "فشل الشراء."
    "14" DOC "The purchase succeeded." "تم الشراء بنجاح."
    "15" DOC "It is not certain whether the transaction went through: ask with CHECK_STATUS."
        "ليس مؤكدًا أن العملية قد تمت: استعلم عنها بالأمر CHECK_STATUS."
    "17" DOC "The card could not be turned into a token." "تعذّر إصدار رمز مميز للبطاقة."
    "18" DOC "The card was turned into a token." "تم إصدار رمز مميز للبطاقة."
    "19" DOC "The transaction is pending: a notification will tell how it ends."
        "العملية معلّقة، وسيصل إشعار بنتيجتها."
    "20" DOC "The transaction is on hold." "العملية موقوفة مؤقتًا."
    "21" DOC "The token for the mobile SDK could not be created." "تعذّر إنشاء رمز حزمة تطوير تطبيقات الجوال (SDK)."
    "22" DOC "The token for the mobile SDK was created." "تم إنشاء رمز حزمة تطوير تطبيقات الجوال (SDK)."
    "23" DOC "The digital wallet service failed." "فشلت خدمة المحفظة الرقمية."
    "24" DOC "The digital wallet order was processed." "تمت معالجة طلب المحفظة الرقمية بنجاح."
    "27" DOC "The card balance could not be read." "تعذّر الاستعلام عن رصيد البطاقة."
    "28" DOC "The card balance was read." "تم الاستعلام عن رصيد البطاقة بنجاح."
    "29" DOC "The redemption of points failed." "فشل استبدال النقاط."
    "30" DOC "The redemption of points succeeded." "تم استبدال النقاط بنجاح."
    "31" DOC "The redemption could not be reversed." "تعذّر عكس عملية استبدال النقاط."
    "32" DOC "The redemption was reversed." "تم عكس عملية استبدال النقاط."
    "40" DOC "The transaction is under review." "العملية قيد المراجعة."
    "42" DOC "The currency conversion succeeded." "تم تحويل العملة بنجاح."
    "43" DOC "The currency conversion failed." "فشل تحويل العملة."
    "44" DOC "The 3-D Secure check succeeded." "تم التحقق عبر \u{200e}3-D Secure بنجاح."
    "45" DOC "The 3-D Secure check failed." "فشل التحقق عبر \u{200e}3-D Secure."
    "46" DOC "The bill was created." "تم إنشاء الفاتورة."
    "47" DOC "The bill could not be created." "تعذّر إنشاء الفاتورة."
    "48" DOC "The payment link was created." "تم إنشاء رابط الدفع."
    "49" DOC "The payment link could not be created." "تعذّر إنشاء رابط الدفع."
    "50" DOC "The batch file was uploaded." "تم رفع ملف العمليات المجمّعة."
    "51" DOC "The batch file could not be uploaded." "تعذّر رفع ملف العمليات المجمّعة."
    "52" DOC "The token was created." "تم إنشاء الرمز المميز."
    "53" DOC "The token could not be created." "تعذّر إنشاء الرمز المميز."
    "54" DOC "The tokens were listed." "تم جلب الرموز المميزة بنجاح."
    "55" DOC "The tokens could not be listed." "تعذّر جلب الرموز المميزة."
    "56" DOC "The report request succeeded." "تم طلب التقرير بنجاح."
    "57" DOC "The report request failed." "فشل طلب التقرير."
    "58" DOC "The token was updated." "تم تحديث الرمز المميز."
    "59" DOC "The token could not be updated." "تعذّر تحديث الرمز المميز."
    "62" DOC "The installment plans were listed." "تم جلب خطط التقسيط بنجاح."
    "63" DOC "The installment plans could not be listed." "تعذّر جلب خطط التقسيط."
    "66" DOC "The token was deleted." "تم حذف الرمز المميز."
    "70" DOC "The results of the batch were fetched." "تم جلب نتائج العمليات المجمّعة بنجاح."
    "71" DOC "The results of the batch could not be fetched." "تعذّر جلب نتائج العمليات المجمّعة."
    "72" DOC "The batch was processed." "تمت معالجة العمليات المجمّعة."
    "73" DOC "The batch could not be processed." "تعذّرت معالجة العمليات المجمّعة."
    "74" DOC "The bank transfer succeeded." "تم التحويل البنكي بنجاح."
    "75" DOC "The bank transfer failed." "فشل التحويل البنكي."
    "76" DOC "The batch passed its checks." "اجتاز ملف العمليات المجمّعة التحقق."
    "77" DOC "The batch did not pass its checks." "لم يجتز ملف العمليات المجمّعة التحقق."
    "80" DOC "The card was verified." "تم التحقق من البطاقة."
    "81" DOC "The card could not be verified." "تعذّر التحقق من البطاقة."
    "88" ZK "The one-time password for valU was sent." "تم إرسال كلمة المرور لمرة واحدة الخاصة بخدمة valU."
    "89" ZK "The one-time password for valU could not be sent."
        "تعذّر إرسال كلمة المرور لمرة واحدة الخاصة بخدمة valU."
    "90" ZK "The customer was verified." "تم التحقق من العميل."
    "91" ZK "The customer could not be verified." "تعذّر التحقق من العميل."
    "92" ZK "The one-time password was accepted." "كلمة المرور لمرة واحدة صحيحة."
    "93" ZK "The one-time password was not accepted." "لم تُقبل كلمة المرور لمرة واحدة."
};

/// The messages: the last three digits of a response code. Sorted by code.
pub const MESSAGE: &[CodeText] = texts! {
    "000" DOC "All went well." "تمت العملية بنجاح."
    "001" DOC "A required parameter is missing." "ينقص الطلب مُعامل مطلوب."
    "002" DOC "A parameter is not in the right format." "صيغة أحد المُعاملات غير صحيحة."
    "003" DOC "The merchant account does not have this payment option." "وسيلة الدفع هذه غير متاحة لحساب التاجر."
    "004" DOC "There is no such command." "لا يوجد أمر بهذا الاسم."
    "005" DOC "The amount is not valid." "المبلغ غير صالح."
    "006" DOC "A technical problem occurred." "حدثت مشكلة تقنية."
    "007" DOC "This order number was used before." "رقم طلب الشراء مستخدم من قبل."
    "008" DOC "The signature does not match the request." "التوقيع لا يطابق الطلب."
    "009" DOC "The merchant identifier is not valid." "مُعرّف التاجر غير صحيح."
    "010" DOC "The access code is not valid." "رمز الوصول (access_code) غير صحيح."
    "011" DOC "The order could not be saved." "تعذّر حفظ طلب الشراء."
    "012" DOC "The card has expired." "انتهت صلاحية البطاقة."
    "013" DOC "The currency is not valid." "العملة غير صالحة."
    "014" DOC "The payment option is switched off." "وسيلة الدفع غير مفعّلة."
    "015" DOC "The merchant account is switched off." "حساب التاجر غير مفعّل."
    "016" DOC "The card number is not valid." "رقم البطاقة غير صالح."
    "017" DOC "The acquirer does not allow this operation." "لا يسمح بنك التاجر بهذه العملية."
    "018" DOC "The payment processor does not allow this operation." "لا يسمح معالج المدفوعات بهذه العملية."
    "019" DOC "The acquirer is switched off." "بنك التاجر غير مفعّل."
    "020" DOC "The payment processor is switched off." "معالج المدفوعات غير مفعّل."
    "021" DOC "The acquirer has switched this payment option off." "أوقف بنك التاجر وسيلة الدفع هذه."
    "022" OLDER "The payment processor has switched this payment option off." "أوقف معالج المدفوعات وسيلة الدفع هذه."
    "023" DOC "The acquirer does not take this currency." "لا يقبل بنك التاجر هذه العملة."
    "024" DOC "The payment processor does not take this currency." "لا يقبل معالج المدفوعات هذه العملة."
    "025" DOC "The connection to the payment processor is not set up." "لم تُضبط إعدادات الربط مع معالج المدفوعات."
    "026" DOC "The connection to the acquirer is not set up." "لم تُضبط إعدادات الربط مع بنك التاجر."
    "027" DOC "The request has parameters that do not belong in it." "يحتوي الطلب على مُعاملات لا تخصه."
    "028" OLDER "The operations are not set up for the account." "لم تُضبط إعدادات العمليات للحساب."
    "029" DOC "There is not enough money on the card or account." "الرصيد غير كافٍ."
    "030" DOC "The customer could not be authenticated." "تعذّر التحقق من هوية العميل."
    "031" DOC "The card issuer is not valid." "البنك المصدر غير صالح."
    "032" DOC "A parameter has the wrong length." "طول أحد المُعاملات غير صحيح."
    "033" DOC "A parameter has a value that is not allowed." "قيمة أحد المُعاملات غير مسموح بها."
    "034" DOC "This operation may not be done." "هذه العملية غير مسموح بها."
    "035" DOC "The order was created." "تم إنشاء طلب الشراء."
    "036" DOC "There is no such order." "لم يُعثر على طلب الشراء."
    "037" DOC "The return URL is missing." "رابط العودة (return_url) غير موجود."
    "038" DOC "The token service is switched off." "خدمة الرموز المميزة غير مفعّلة."
    "039" DOC "No payment option is switched on." "لا توجد وسيلة دفع مفعّلة."
    "040" DOC "The transaction comes from a source that is not allowed." "العملية واردة من مصدر غير مسموح به."
    "042" DOC "The amount is more than was authorized." "المبلغ أكبر من المبلغ المفوَّض به."
    "043" DOC "The operation is switched off." "هذه العملية غير مفعّلة."
    "044" DOC "There is no such token." "لا يوجد رمز مميز بهذا الاسم."
    "045" OLDER "A token was sent, but the account has no token service."
        "أُرسل رمز مميز، لكن خدمة الرموز المميزة غير متاحة للحساب."
    "046" DOC "The channel is not set up for this payment option." "قناة الدفع غير معدّة لوسيلة الدفع هذه."
    "047" DOC "The order was processed before." "تمت معالجة طلب الشراء من قبل."
    "048" DOC "The amount is more than was captured." "المبلغ أكبر من المبلغ المحصَّل."
    "049" DOC "This payment option does not have this operation." "هذه العملية غير متاحة لوسيلة الدفع هذه."
    "050" DOC "The amount is over the merchant's limit for one transaction." "تجاوز المبلغ حد التاجر للعملية الواحدة."
    "051" DOC "A technical error occurred." "حدث خطأ تقني."
    "052" DOC "The customer has no SADAD online payment (OLP) account." "ليس للعميل حساب سداد للدفع الإلكتروني (OLP)."
    "053" DOC "The merchant is not registered with SADAD online payment (OLP)."
        "التاجر غير مسجل في خدمة سداد للدفع الإلكتروني (OLP)."
    "054" DOC "The transaction cannot be handled right now." "تتعذّر معالجة العملية حاليًا."
    "055" DOC "The SADAD account ID (OLP ID alias) is not valid: the customer should ask their bank."
        "مُعرّف حساب سداد (OLP ID Alias) غير صالح، وعلى العميل مراجعة بنكه."
    "056" DOC "There is no such SADAD account ID (OLP ID alias)." "لا يوجد مُعرّف حساب سداد (OLP ID Alias) بهذا الاسم."
    "057" DOC "The amount is over the daily limit." "تجاوز المبلغ الحد اليومي."
    "058" DOC "The amount is over the limit for one transaction." "تجاوز المبلغ حد العملية الواحدة."
    "059" DOC "The merchant name does not belong to the SADAD merchant ID." "اسم التاجر لا يطابق رقم التاجر لدى سداد."
    "060" DOC "The SADAD (OLP) password is wrong." "كلمة مرور سداد (OLP) غير صحيحة."
    "061" OLDER "The token was not created." "لم يُنشأ الرمز المميز."
    "062" DOC "A token was created." "أُنشئ رمز مميز."
    "063" DOC "A token was updated." "حُدّث الرمز المميز."
    "064" DOC "The customer must pass 3-D Secure: send the browser to 3ds_url."
        "على العميل إتمام التحقق عبر \u{200e}3-D Secure: وجّه المتصفح إلى 3ds_url."
    "065" DOC "The customer has to act first." "العملية بانتظار إجراء من العميل."
    "066" DOC "This merchant reference was used before." "مرجع التاجر (merchant_reference) مستخدم من قبل."
    "067" DOC "The text on the card statement (dynamic_descriptor) is not set up for this payment option."
        "لم يُعدّ الوصف المتغير في كشف الحساب (dynamic_descriptor) لوسيلة الدفع هذه."
    "068" DOC "The mobile SDK service is switched off." "خدمة حزمة تطوير تطبيقات الجوال (SDK) غير مفعّلة."
    "069" DOC "APS does not know the error code it was given." "لا تعرف APS رمز الخطأ الذي ورد إليها."
    "070" DOC "The device_id is not the one the token was made for."
        "قيمة device_id لا تطابق الجهاز الذي أُنشئ له الرمز."
    "071" DOC "A connection could not be opened." "تعذّر بدء الاتصال."
    "072" DOC "The customer cancelled." "ألغى العميل العملية."
    "073" DOC "The request is not in the right format." "صيغة الطلب غير صحيحة."
    "074" DOC "The transaction did not succeed." "لم تنجح العملية."
    "075" DOC "The transaction did not succeed." "لم تنجح العملية."
    "076" DOC "SADAD online payment (OLP) has no such transaction." "لا توجد هذه العملية لدى خدمة سداد (OLP)."
    "077" DOC "There is no transaction code for this error." "لا يوجد رمز عملية لهذا الخطأ."
    "078" DOC "The fraud check could not be carried out." "تعذّر إجراء فحص الاحتيال."
    "079" DOC "The fraud rules ask for a closer look." "تستدعي قواعد الاحتيال مراجعة هذه العملية."
    "080" DOC "The payment option is not valid." "وسيلة الدفع غير صالحة."
    "082" DOC "The fraud service is switched off." "خدمة فحص الاحتيال غير مفعّلة."
    "083" DOC "The customer did something that was not expected." "صدر عن العميل تصرف غير متوقع."
    "084" DOC "The amount is outside the limits of the chosen installment plan."
        "المبلغ خارج حدود خطة التقسيط المختارة."
    "085" OLDER "There is no such installment plan." "لا توجد خطة تقسيط بهذا الرمز."
    "086" DOC "The merchant account is not set up for this installment plan." "خطة التقسيط غير معدّة لحساب التاجر."
    "087" DOC "The card was not issued by a bank of this installment plan."
        "البطاقة غير صادرة عن بنك مقبول في هذه الخطة."
    "088" DOC "The token was not created in this transaction." "لم يُنشأ الرمز المميز لهذه العملية."
    "089" DOC "The details of the digital wallet could not be read." "تعذّرت قراءة بيانات المحفظة الرقمية."
    "090" DOC "The transaction is being reviewed." "تجري مراجعة العملية."
    "092" DOC "The issuer code is not valid." "رمز البنك المصدر (issuer_code) غير صالح."
    "093" DOC "The service is switched off." "الخدمة غير مفعّلة."
    "094" DOC "The plan code is not valid." "رمز الخطة (plan_code) غير صالح."
    "095" DOC "The card issuer is switched off." "البنك المصدر غير مفعّل."
    "096" DOC "The installment plan is switched off." "خطة التقسيط غير مفعّلة."
    "097" DOC "The service does not allow this operation." "لا تسمح الخدمة بهذه العملية."
    "098" DOC "The call_id is wrong or has expired." "قيمة call_id غير صحيحة أو منتهية."
    "099" DOC "The service could not be carried out." "تعذّر تنفيذ الخدمة."
    "100" DOC "The expiry date is not valid." "تاريخ انتهاء الصلاحية غير صالح."
    "101" DOC "There is no such bill number." "لا توجد فاتورة بهذا الرقم."
    "102" DOC "The Apple Pay order has run out of time." "انتهت مهلة طلب Apple Pay."
    "103" DOC "This subscription ID was used before." "رقم الاشتراك مستخدم من قبل."
    "104" DOC "No installment plan fits the request." "لا توجد خطة تقسيط تناسب الطلب."
    "105" DOC "The bank code is not valid." "رمز البنك غير صالح."
    "106" DOC "The bank is switched off." "البنك غير مفعّل."
    "107" DOC "The transfer_date is not valid." "تاريخ التحويل (transfer_date) غير صالح."
    "110" DOC "Some parameters contradict each other." "في الطلب مُعاملات متعارضة."
    "111" DOC "The service does not go with this payment option." "الخدمة لا تنطبق على وسيلة الدفع هذه."
    "112" DOC "The service does not go with this operation." "الخدمة لا تنطبق على هذه العملية."
    "113" DOC "The service does not go with this e-commerce indicator (eci)."
        "الخدمة لا تنطبق على مؤشر التجارة الإلكترونية (eci) هذا."
    "114" DOC "There is a token with this name already." "يوجد رمز مميز بهذا الاسم من قبل."
    "115" DOC "The payment link has expired." "انتهت صلاحية رابط الدفع."
    "116" DOC "This way of notifying the customer is switched off." "طريقة إشعار العميل هذه غير مفعّلة."
    "117" DOC "The payment link was used before." "تم استخدام رابط الدفع من قبل."
    "118" DOC "The order was bounced back." "ارتد طلب الشراء."
    "119" DOC "The request was abandoned." "أُسقط الطلب."
    "120" DOC "The payment link has no terms and conditions." "لا توجد شروط وأحكام لرابط الدفع."
    "121" DOC "The card number was not verified." "لم يتم التحقق من رقم البطاقة."
    "122" DOC "The range of dates is not valid." "الفترة الزمنية غير صالحة."
    "123" DOC "There were too many attempts." "تجاوز عدد المحاولات الحد المسموح به."
    "124" DOC "The account was created." "تم إنشاء الحساب."
    "125" DOC "The invoice was paid before." "سبق سداد الفاتورة."
    "126" DOC "This invoice ID was used before." "رقم الفاتورة مستخدم من قبل."
    "127" DOC "The merchant reference does not exist yet." "لم يُنشأ مرجع التاجر (merchant_reference) بعد."
    "128" DOC "The report is not ready for download yet." "التقرير غير جاهز للتنزيل بعد."
    "129" DOC "Too many reports are waiting to be downloaded: try again later."
        "قائمة انتظار تنزيل التقارير ممتلئة: أعد المحاولة لاحقًا."
    "134" DOC "The search finds more records than may be listed." "نتائج البحث أكثر من الحد المسموح به."
    "136" DOC "The batch file did not pass its checks." "لم يجتز ملف العمليات المجمّعة التحقق."
    "137" DOC "The execution date of the batch file is not valid." "تاريخ تنفيذ ملف العمليات المجمّعة غير صالح."
    "138" DOC "The batch file is still being checked." "لا يزال ملف العمليات المجمّعة قيد التحقق."
    "140" DOC "The batch file is still being processed." "لا يزال ملف العمليات المجمّعة قيد المعالجة."
    "141" DOC "There is no such batch reference." "لا يوجد مرجع عمليات مجمّعة بهذه القيمة."
    "142" DOC "The header of the batch file is not valid." "ترويسة ملف العمليات المجمّعة غير صالحة."
    "144" DOC "The batch file is not valid." "ملف العمليات المجمّعة غير صالح."
    "146" DOC "This batch reference was used before." "مرجع العمليات المجمّعة مستخدم من قبل."
    "147" DOC "APS has taken the batch for processing." "تم استلام طلب معالجة العمليات المجمّعة."
    "148" DOC "The batch file is going to be processed." "ستتم معالجة ملف العمليات المجمّعة."
    "149" DOC "There is no payment link with this request ID." "لا يوجد رابط دفع برقم الطلب هذا."
    "150" DOC "The payment link is open already." "رابط الدفع مفتوح بالفعل."
    "151" DOC "There is no such 3ds_id." "لا يوجد 3ds_id بهذه القيمة."
    "152" DOC "The 3-D Secure check was made for another request." "التحقق عبر \u{200e}3-D Secure لا يطابق بيانات الطلب."
    "154" DOC "The file was uploaded too many times." "تجاوز عدد محاولات رفع الملف الحد المسموح به."
    "155" DOC "Repeated uploads are not set up." "لم تُضبط إعدادات إعادة الرفع."
    "160" WOO "The customer is not known to the service." "العميل غير معروف لدى الخدمة."
    "181" NEWER "The amount is below the minimum of this service." "المبلغ أقل من الحد الأدنى لهذه الخدمة."
    "182" OTP "The one-time password is right." "تم التحقق من كلمة المرور لمرة واحدة."
    "221" NEWER "The amount is above the maximum of this service." "المبلغ أكبر من الحد الأقصى لهذه الخدمة."
    "225" NEWER "The merchant may not use this operation." "لا يُسمح للتاجر باستخدام هذه العملية."
    "662" DOC "The order is not confirmed yet: ask again with CHECK_STATUS."
        "لم يُؤكَّد طلب الشراء بعد: استعلم عنه لاحقًا بالأمر CHECK_STATUS."
    "666" DOC "The payment was declined." "رُفضت عملية الدفع."
    "746" NEWER "The purchase is over the customer's limit." "مبلغ الشراء أكبر من الحد المسموح به للعميل."
    "747" NEWER "There is not enough money in the wallet." "رصيد المحفظة غير كافٍ."
    "748" NEWER "The purchase differs from the request that sent the one-time password."
        "بيانات الشراء لا تطابق طلب إرسال كلمة المرور لمرة واحدة."
    "773" DOC "The transaction is closed." "العملية مغلقة."
    "777" DOC "The transaction was processed, but its confirmation was lost." "عولجت العملية لكن لم يصل تأكيدها."
    "778" DOC "The session ran out of time." "انتهت مهلة الجلسة."
    "779" DOC "The answer could not be converted." "تعذّر تحويل صيغة الرد."
    "780" DOC "The transaction number could not be converted." "تعذّر تحويل رقم العملية."
    "781" DOC "The message or response code could not be converted." "تعذّر تحويل الرسالة أو رمز الاستجابة."
    "783" DOC "The installments service is switched off." "خدمة التقسيط غير مفعّلة."
    "784" DOC "The transaction is still being processed: wait before the next one."
        "لا تزال العملية قيد المعالجة: انتظر قبل إجراء عملية أخرى."
    "785" DOC "The fraud check blocked the transaction." "أوقف فحص الاحتيال العملية."
    "787" DOC "The user could not be authenticated." "تعذّر التحقق من هوية المستخدم."
    "788" DOC "The bill number is not valid." "رقم الفاتورة غير صالح."
    "789" DOC "The bill has expired." "انتهت صلاحية الفاتورة."
    "790" DOC "The bill type code is not valid." "رمز نوع الفاتورة غير صالح."
    "983" NEWER "Wait 60 seconds before asking for another one-time password."
        "انتظر 60 ثانية قبل طلب كلمة مرور أخرى لمرة واحدة."
};

/// The text of a code in one of the tables.
#[must_use]
pub fn find(table: &'static [CodeText], code: &str) -> Option<&'static CodeText> {
    table.iter().find(|text| text.code == code)
}

#[cfg(test)]
mod tests {
    use super::{CodeText, MESSAGE, STATUS, find};
    use crate::reply::acquirer_text::ACQUIRER;

    fn well_made(table: &[CodeText]) {
        for text in table {
            assert_eq!(table.iter().filter(|other| other.code == text.code).count(), 1, "{}", text.code);
            assert!(text.en.ends_with('.') && text.ar.ends_with('.'), "{}", text.code);
            assert!(text.ar.chars().any(|letter| ('\u{0621}'..='\u{064a}').contains(&letter)), "{}", text.code);
            assert!(text.en.is_ascii(), "{}", text.code);
            assert!(!text.source.is_empty());
        }
    }

    #[test]
    fn every_documented_code_has_one_text() {
        assert_eq!(STATUS.len(), 68);
        assert_eq!(MESSAGE.len(), 166);
        assert_eq!(ACQUIRER.len(), 99);
        for table in [STATUS, MESSAGE, ACQUIRER] {
            well_made(table);
        }
        let digits = |table: &[CodeText], length: usize| {
            assert!(table.iter().all(|text| text.code.len() == length && crate::text::is_digits(text.code)));
            assert!(table.is_sorted_by(|before, after| before.code < after.code));
        };
        digits(STATUS, 2);
        digits(MESSAGE, 3);
    }

    #[test]
    fn a_code_is_found_as_it_is_written() {
        assert_eq!(find(MESSAGE, "029").map(|text| text.en), Some("There is not enough money on the card or account."));
        assert!(find(STATUS, "16").is_none());
        assert!(find(ACQUIRER, "51").is_some() && find(ACQUIRER, "051").is_none());
    }
}
