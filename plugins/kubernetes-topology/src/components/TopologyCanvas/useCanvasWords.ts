import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RelationClass } from '@kubernetes-topology/plugin-kubernetes-topology-common';
import { useMemo } from 'react';
import { pluralOfKind } from '../../model/unreadKinds';
import { topologyTranslationRef } from '../../translation';
import { CanvasWords } from './flowElements';

/** The graph's words in the portal's language. */
export function useCanvasWords(): CanvasWords {
  const { t } = useTranslationRef(topologyTranslationRef);
  return useMemo(
    () => ({
      level: level => t(`level.${level}`),
      fold: ({ what, kind, keys: { length: count } }) => {
        if (what === 'past') return t('canvas.past', { count });
        return kind === 'Pod'
          ? t('canvas.healthyPods', { count })
          : t('canvas.healthyOthers', {
              count,
              kind: count === 1 ? kind : pluralOfKind(kind),
            });
      },
      missingKeys: keys =>
        t('canvas.missingKeys', { count: keys.length, keys: keys.join(', ') }),
      rootCause: t('cause.rootCause'),
      optional: t('canvas.optional'),
      relation: edgeClass => t(`relation.${edgeClass as RelationClass}`),
      cluster: t('canvas.cluster'),
      namespace: t('canvas.namespace'),
    }),
    [t],
  );
}
