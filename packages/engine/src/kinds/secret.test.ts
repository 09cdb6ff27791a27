import { object, observe } from './__testUtils__/objects';
import { configMapKind } from './configMap';
import { KubernetesObject } from './kindDefinition';
import { secretKind } from './secret';

const managed = (fieldsV1: {}, time = '2026-01-01T10:00:00Z') => ({
  manager: 'kubectl',
  time,
  fieldsType: 'FieldsV1',
  fieldsV1,
});

const metadataOnly = object({
  metadata: {
    name: 'mysql-pass',
    labels: { app: 'wordpress' },
    managedFields: [
      managed({
        'f:data': { '.': {}, 'f:password': {}, 'f:user.name': {} },
        'f:type': {},
      }),
      managed({ 'f:stringData': { 'f:token': {} } }, '2026-01-01T11:00:00Z'),
      managed({ 'f:metadata': { 'f:labels': {} } }, '2026-01-01T11:30:00Z'),
    ],
  },
});

/** As it never should arrive: with values, in three places. */
const full: KubernetesObject = {
  ...metadataOnly,
  metadata: {
    ...metadataOnly.metadata,
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration':
        '{"data":{"password":"aHVudGVyMg=="}}',
      'example.com/note': 'hunter2',
    },
  },
  type: 'Opaque',
  data: { password: 'aHVudGVyMg==' },
  stringData: { token: 'hunter2' },
};

describe.each([secretKind, configMapKind])('$type', definition => {
  it('is read as metadata only', () => {
    expect(definition.metadataOnly).toBe(true);
  });

  it('tells the names of its keys, and when and by whom they were last written', () => {
    expect(observe(definition, metadataOnly).properties).toEqual({
      Data: ['password', 'token', 'user.name'],
      DataChangedAt: Date.parse('2026-01-01T11:00:00Z'),
      DataChangedBy: 'kubectl',
    });
  });

  it('does not know its keys without managedFields, rather than having none', () => {
    expect(
      observe(definition, object({ data: { a: 'b' } })).properties,
    ).not.toHaveProperty('Data');
  });

  it('has no keys when managedFields tell of none', () => {
    const empty = object({
      metadata: { managedFields: [managed({ 'f:type': {} })] },
    });
    expect(observe(definition, empty).properties.Data).toEqual([]);
  });

  it('keeps no value of an object that arrives in full', () => {
    const text = JSON.stringify(observe(definition, full));
    expect(text).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('does not even look at the values of an object that arrives in full', () => {
    const watched = new Proxy(full, {
      get(target, field) {
        if (['data', 'stringData', 'binaryData'].includes(String(field))) {
          throw new Error(`looked at ${String(field)}`);
        }
        return Reflect.get(target, field);
      },
    });
    expect(() => observe(definition, watched)).not.toThrow();
  });
});
