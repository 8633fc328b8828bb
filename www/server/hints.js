// What the package says about a signature that does not match, in Arabic. It speaks English to developers only; the desk's
// inspector speaks the language of its page.

/** By the package's sentence. @type {Record<string, string>} */
export const HINTS = {
  'A + was read as a space.': 'قُرئت علامة + على أنها مسافة.',
  'The bytes were read as Latin-1: they are UTF-8.': 'قُرئت البايتات بترميز Latin-1 وهي بترميز UTF-8.',
  "The card fields were left out when signing, as for TOKENIZATION on the merchant's page.":
    'لم تدخل حقول البطاقة في التوقيع، كما في TOKENIZATION من صفحة التاجر.',
  'The empty members of the nested object were left out when signing.':
    'لم تدخل العناصر الفارغة في الكائن المتداخل في التوقيع.',
  'The members of the nested object were signed in another order.': 'وُقِّعت عناصر الكائن المتداخل بترتيب آخر.',
  'The members of the nested object were signed sorted by name.': 'وُقِّعت عناصر الكائن المتداخل مرتبة بأسمائها.',
  'The message has no signature.': 'الرسالة بلا توقيع.',
  'The message is too long, or has too many parts, to try every mistake: the search was given up.':
    'الرسالة طويلة أو كثيرة الأجزاء، فتوقف البحث قبل تجربة كل الأخطاء.',
  'The nested value was signed as JSON, not as {name=value, name=value}.':
    'وُقِّعت القيمة المتداخلة بصيغة JSON لا بصيغة \u2066{name=value, name=value}\u2069.',
  'The other phrase was taken: requests and responses have one each.':
    'استُخدمت العبارة الأخرى، فللطلبات عبارة وللردود عبارة.',
  'The parameter was left out when signing, because its value is empty.': 'لم يدخل المعامل في التوقيع لأن قيمته فارغة.',
  'The parameter was not signed: it came in later, or has to be ignored.':
    'لم يدخل المعامل في التوقيع: أُضيف بعده أو يجب تجاهله.',
  'The parameter was signed, but is ignored here.': 'دخل المعامل في التوقيع، لكنه يُتجاهل هنا.',
  'The parameter was signed, but is not in the message.': 'دخل المعامل في التوقيع، لكنه ليس في الرسالة.',
  'The parameters that are ignored were signed.': 'دخلت المعاملات التي تُتجاهل في التوقيع.',
  'The parameters were signed in the order given, not in byte order of their names.':
    'وُقِّعت المعاملات بترتيب ورودها لا بترتيب بايتات أسمائها.',
  'The parameters were sorted without regard to case.': 'رُتِّبت المعاملات دون تمييز بين الحروف الكبيرة والصغيرة.',
  'The parameters with empty values were left out when signing.': 'لم تدخل المعاملات ذات القيم الفارغة في التوقيع.',
  'The phrase was taken with HTML escapes.': 'استُخدمت العبارة وفيها رموز HTML.',
  'The phrase was taken with its HTML escapes undone.': 'استُخدمت العبارة بعد فك رموز HTML التي فيها.',
  'The phrase was taken with quotation marks around it.': 'استُخدمت العبارة وحولها علامتا اقتباس.',
  'The phrase was taken without the quotation marks around it.': 'استُخدمت العبارة دون علامتي الاقتباس اللتين حولها.',
  'The phrase was taken without the white space at its ends.': 'استُخدمت العبارة دون المسافات التي في طرفيها.',
  'The signature has white space at its ends.': 'في طرفي التوقيع مسافات.',
  'The signature is not 64 or 128 hexadecimal digits.': 'ليس التوقيع 64 أو 128 خانة ست عشرية.',
  'The signature was made with another digest.': 'حُسب التوقيع بخوارزمية أخرى.',
  'The value has composed characters (NFC) here, and was signed with decomposed ones.':
    'محارف القيمة هنا مركّبة (NFC)، ووُقِّعت مفككة.',
  'The value has decomposed characters (NFD) here, and was signed with composed ones.':
    'محارف القيمة هنا مفككة (NFD)، ووُقِّعت مركّبة.',
  'The value was signed URL-encoded.': 'وُقِّعت القيمة بترميز URL.',
  'The value was signed with HTML escapes.': 'وُقِّعت القيمة وفيها رموز HTML.',
  "The value was signed with JSON's escaped slashes.": 'وُقِّعت القيمة وقبل كل شرطة مائلة فيها شرطة عكسية كما في JSON.',
  'The value was signed with backslashes, which are missing here.': 'وُقِّعت القيمة بشرطات عكسية لا توجد هنا.',
  'The value was signed with its HTML escapes undone.': 'وُقِّعت القيمة بعد فك رموز HTML التي فيها.',
  'The value was signed with its URL encoding undone.': 'وُقِّعت القيمة بعد فك ترميز URL.',
  'The value was signed with white space at one end, which is missing here.':
    'وُقِّعت القيمة وفي أحد طرفيها مسافة لا توجد هنا.',
  'The value was signed without the backslashes that it has here.': 'وُقِّعت القيمة دون الشرطات العكسية التي فيها هنا.',
  'The value was signed without the spaces at its ends.': 'وُقِّعت القيمة دون المسافات التي في طرفيها.',
};
