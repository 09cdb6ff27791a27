import * as t from './templates';

/** Who suffers from a refusal in these scenarios. */
export const REFUSED = [
  'Deployment/shop/cart',
  'ReplicaSet/shop/cart-1f6d8c9b1',
];

/** A Deployment whose pods the API server refuses with these words, beside one that is well. */
export function refused(
  words: string,
  options: t.WorkloadOptions = {},
): t.Objects {
  return [
    t.deployment('shop/cart', { age: t.FAULT, refused: words, ...options }),
    t.service('shop/cart'),
    t.deployment('shop/well'),
    t.service('shop/well'),
  ];
}

export function forbidden(why: string): string {
  return `pods "cart-1f6d8c9b1-x7k2p" is forbidden: ${why}`;
}
