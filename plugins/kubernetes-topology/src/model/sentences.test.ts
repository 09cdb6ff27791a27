import { firstSentence } from './sentences';

describe('firstSentence', () => {
  it.each([
    ['Only one.', 'Only one.', ''],
    ['No end', 'No end', ''],
    [
      'Secret a is gone. The kubelet says: "secret not found".',
      'Secret a is gone.',
      'The kubelet says: "secret not found".',
    ],
    [
      'It asks for 3.5 Gi, e.g. for v1.2 images.',
      'It asks for 3.5 Gi, e.g. for v1.2 images.',
      '',
    ],
    ['He says: "No." Then more.', 'He says: "No."', 'Then more.'],
  ])('%s', (text, first, rest) => {
    expect(firstSentence(text)).toEqual({ first, rest });
  });
});
