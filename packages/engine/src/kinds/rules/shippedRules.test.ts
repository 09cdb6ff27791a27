import { KindCatalog } from '../kindCatalog';
import { loadShippedRules } from './loadRules';

it('loads', async () => {
  const rules = await loadShippedRules();
  const catalog = KindCatalog.create({ rules });
  expect(catalog.relations.length).toBeGreaterThan(100);
});
