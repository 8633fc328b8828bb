/** A problem, as the Standard Schema has it. */
export interface SchemaIssue {
  /** For developers, without the value. */
  message: string;
  /** Of the parameter, such as `['products', 0, 'product_name']`; empty if the value is not an object at all. */
  path: (string | number)[];
}

/** What validation answers if all is well. */
export interface SchemaSuccess<T> {
  /** What was given. */
  value: T;
  /** None. */
  issues?: undefined;
}

/** What validation answers if something is wrong. */
export interface SchemaFailure {
  /** All that is wrong. */
  issues: SchemaIssue[];
}

/** The properties of a Standard Schema. */
export interface SchemaFace<T> {
  /** Of the standard. */
  version: 1;
  /** Whose it is. */
  vendor: 'aps-payops';
  /** Judges a value. */
  validate: (value: unknown) => SchemaSuccess<T> | SchemaFailure;
  /** For the compiler alone. */
  types?: SchemaTypes<T> | undefined;
}

/** The types of a schema. */
export interface SchemaTypes<T> {
  /** What goes in. */
  input: T;
  /** What comes out: the same. */
  output: T;
}

/** A Standard Schema (standardschema.dev, version 1) whose values are of type `T`. */
export interface ParamsSchema<T> {
  /** Where libraries look. */
  '~standard': SchemaFace<T>;
}
