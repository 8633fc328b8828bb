const { Amount, validate } = require('aps-payops');
const { Amount: ServerAmount, sign } = require('aps-payops/server');
const { createSandbox } = require('aps-payops/sandbox');
const dictionary = require('aps-payops/dictionary.json');

module.exports = { Amount, validate, ServerAmount, sign, createSandbox, dictionary };
