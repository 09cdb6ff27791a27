import { createExtensionTester } from '@backstage/frontend-test-utils';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import {
  SearchFilterResultTypeBlueprint,
  SearchResultListItemBlueprint,
} from '@backstage/plugin-search-react/alpha';
import { coreExtensionData } from '@backstage/frontend-plugin-api';
import { kubernetesTopologyPlugin as plugin } from './plugin';

describe('kubernetesTopologyPlugin', () => {
  it('offers the tab of an entity', () => {
    const tab = createExtensionTester(
      plugin.getExtension('entity-content:kubernetes-topology/topology'),
    );
    expect(tab.get(coreExtensionData.routePath)).toBe('/topology');
    expect(tab.get(EntityContentBlueprint.dataRefs.title)).toBe('Topology');
  });

  it('offers a page of its own', () => {
    const page = createExtensionTester(
      plugin.getExtension('page:kubernetes-topology'),
    );
    expect(page.get(coreExtensionData.routePath)).toBe('/kubernetes-topology');
    expect(page.get(coreExtensionData.title)).toBe('Kubernetes');
  });

  it('draws the search results of its own type', () => {
    const { predicate } = createExtensionTester(
      plugin.getExtension(
        'search-result-list-item:kubernetes-topology/kubernetes-resource',
      ),
    ).get(SearchResultListItemBlueprint.dataRefs.item);
    const result = (type: string) => ({
      type,
      document: { title: '', text: '', location: '' },
    });
    expect(predicate?.(result('kubernetes-resource'))).toBe(true);
    expect(predicate?.(result('software-catalog'))).toBe(false);
  });

  it('offers its type among the search filters', () => {
    expect(
      createExtensionTester(
        plugin.getExtension(
          'search-filter-result-type:kubernetes-topology/kubernetes-resource',
        ),
      ).get(SearchFilterResultTypeBlueprint.dataRefs.resultType).value,
    ).toBe('kubernetes-resource');
  });
});
