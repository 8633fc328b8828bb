// Every secret that tests use. After a run, scripts/leaks.js searches all that was printed, and every snapshot, for
// them: a test that needs another phrase or card adds it here.

/** SHA phrases, of no account anywhere. */
export const phrases = {
  request: '31-request-phrase-$e7',
  response: '47-response-phrase-#b2',
  olderResponse: '12-older-response-phrase-!c9',
  applePayRequest: '58-apple-request-phrase-&d4',
  applePayResponse: '63-apple-response-phrase-?f6',
};

/** APS's published test cards and those of the sandbox. */
export const cards = [
  '4005550000000001',
  '5123456789012346',
  '345678901234564',
  '5297412542005689',
  '9818950527886700002',
  '5078036221028566',
  '4557012345678902',
  '5313581000123430',
  '374200000000004',
  '4000000000000119',
  '5200000000000114',
  '4000000000000226',
  '4000000000000333',
  '4000000000000440',
  '4000000000000556',
  '4000000000000663',
  '4005550000000002',
  '400555000000000002',
];

export const securityCodes = ['123', '1234', '350', '422', '143'];
