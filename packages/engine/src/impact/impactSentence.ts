import { ImpactMoment, ImpactNode, Impacted } from './impact';

const WHEN: Readonly<Record<ImpactMoment, string>> = {
  now: 'at once',
  nextStart: 'when its next pod starts',
  scaling: 'when it scales',
  drain: 'when a node is drained',
};

/** `Deployment shop/cart stops working when its next pod starts: it needs Secret shop/db.` */
export function impactSentence({
  node,
  via,
  how,
  effects,
  loses,
  inferred,
}: Pick<Impacted, 'node' | 'how' | 'effects' | 'loses'> & {
  via: ImpactNode;
  inferred: boolean;
}): string {
  if (how === 'goes') {
    return `${called(node)} is deleted along with ${called(via)}.`;
  }
  const hits = effects.map(({ when, strength }) =>
    strength === 'hard'
      ? `stops working ${WHEN[when]}`
      : `works worse ${WHEN[when]}`,
  );
  const why = loses
    ? `it loses ${loses.count} of ${loses.of}, ${called(via)} among them`
    : `it needs ${called(via)}`;
  return `${called(node)} ${hits.join(' and ')}: ${why}${
    inferred ? ' (guessed from names)' : ''
  }.`;
}

function called({ kind, namespace, name }: ImpactNode): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}
