import { sameKind } from '../../kinds';
import { KindCatalog } from '../../kinds/kindCatalog';
import { KindDefinition } from '../../kinds/kindDefinition';

/** A catalog that wants these kinds and no others, as they are. */
export function catalogOf(
  kinds: readonly KindDefinition[],
): Pick<KindCatalog, 'definitionFor'> {
  return {
    definitionFor: ({ id }) => kinds.find(kind => sameKind(kind.id, id)),
  };
}
