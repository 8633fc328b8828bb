/** A problem, as the Standard Schema has it. */
export interface SchemaIssue {
  /** For developers, without the value. */
  message: string;
  /** Of the parameter, such as `['products', 0, 'product_name']`. */
  path: (string | number)[];
}

/** A Standard Schema (standardschema.dev, version 1) whose values are of type `T`. */
export interface ParamsSchema<T> {
  '~standard': {
    version: 1;
    vendor: 'aps-payops';
    validate: (value: unknown) => { value: T; issues?: undefined } | { issues: SchemaIssue[] };
    types?: { input: T; output: T } | undefined;
  };
}
