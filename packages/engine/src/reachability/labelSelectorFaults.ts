import { isMap } from '../kinds/wellFormed';
import { Fault, isSet, shownValue, typeFault } from './fault';
import { labelKeyFault, labelValueFault } from './labelSyntax';

/** Upstream's `ValidateLabelSelector`, and what decoding refuses before it. */
export function labelSelectorFaults(selector: unknown, field: string): Fault[] {
  if (!isSet(selector)) {
    return [];
  }
  if (!isMap(selector)) {
    return [typeFault(field, selector, 'an object')];
  }
  return [
    ...matchLabelsFaults(selector.matchLabels, `${field}.matchLabels`),
    ...expressionsFaults(
      selector.matchExpressions,
      `${field}.matchExpressions`,
    ),
  ];
}

function matchLabelsFaults(labels: unknown, field: string): Fault[] {
  if (!isSet(labels)) {
    return [];
  }
  if (!isMap(labels)) {
    return [typeFault(field, labels, 'an object of labels')];
  }
  return Object.entries(labels).flatMap(([key, value]) => {
    if (typeof value !== 'string') {
      return [typeFault(`${field}[${key}]`, value, 'a string; quote it')];
    }
    return [
      ...fault(field, key, labelKeyFault(key)),
      ...fault(`${field}[${key}]`, value, labelValueFault(value)),
    ];
  });
}

function expressionsFaults(expressions: unknown, field: string): Fault[] {
  if (!isSet(expressions)) {
    return [];
  }
  if (!Array.isArray(expressions)) {
    return [typeFault(field, expressions, 'a list')];
  }
  return expressions.flatMap((expression, index) =>
    expressionFaults(expression, `${field}[${index}]`),
  );
}

function expressionFaults(expression: unknown, field: string): Fault[] {
  if (!isMap(expression)) {
    return [typeFault(field, expression, 'an object')];
  }
  const { key, operator, values } = expression;
  if (isSet(values) && !isTexts(values)) {
    return [typeFault(`${field}.values`, values, 'a list of strings')];
  }
  const given: string[] = values ?? [];
  return [
    ...operatorFaults(operator, given, field),
    ...(typeof key === 'string'
      ? fault(`${field}.key`, key, labelKeyFault(key))
      : [typeFault(`${field}.key`, key, 'a string')]),
    ...given.flatMap((value, index) =>
      fault(`${field}.values[${index}]`, value, labelValueFault(value)),
    ),
  ];
}

function operatorFaults(
  operator: unknown,
  values: readonly string[],
  field: string,
): Fault[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
        ? []
        : [
            {
              field: `${field}.values`,
              message: "must be specified when `operator` is 'In' or 'NotIn'",
            },
          ];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [
            {
              field: `${field}.values`,
              message:
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            },
          ];
    default:
      return [
        {
          field: `${field}.operator`,
          message: `${shownValue(
            operator,
          )} is not a valid selector operator: In, NotIn, Exists, DoesNotExist`,
        },
      ];
  }
}

function isTexts(values: unknown): values is string[] {
  return (
    Array.isArray(values) && values.every(value => typeof value === 'string')
  );
}

function fault(
  field: string,
  value: string,
  message: string | undefined,
): Fault[] {
  return message === undefined
    ? []
    : [{ field, message: `${shownValue(value)}: ${message}` }];
}
