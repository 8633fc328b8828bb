// Adapters for applications with their own database layer: each returns `{ query(text, values) → { rows } }`.

/** @typedef {import('./store.js').Queryable} Queryable */

/**
 * A store in the database of a Kysely instance.
 * @param {any} db a Kysely instance, or a transaction of it
 * @returns {Queryable}
 */
export function fromKysely(db) {
  let count = 0;
  return {
    query: async (text, values) => {
      count += 1;
      const query = { kind: 'RawNode', sqlFragments: [text], parameters: [] };
      const queryId = { queryId: `aps-payops-${count}` };
      const { rows } = await db.executeQuery({ sql: text, parameters: values, query, queryId });
      return { rows };
    },
  };
}

/**
 * A store in the database of a Drizzle instance.
 * @param {any} db a Drizzle database on PostgreSQL, or a transaction of it
 * @param {any} sql `sql` of `drizzle-orm`
 * @returns {Queryable}
 */
export function fromDrizzle(db, sql) {
  return {
    query: async (text, values) => {
      const pieces = text.split(/\$(\d+)/);
      // Every second piece is the number of a value.
      const chunks = pieces.map((piece, index) =>
        index % 2 === 0 ? sql.raw(piece) : sql.param(values[Number(piece) - 1]),
      );
      const answer = await db.execute(sql.join(chunks));
      return { rows: [...(Array.isArray(answer) ? answer : answer.rows)] };
    },
  };
}

/**
 * A store in the database of a Prisma client.
 * @param {any} prisma a Prisma client on PostgreSQL, or the client of an interactive transaction
 * @returns {Queryable}
 */
export function fromPrisma(prisma) {
  return {
    query: async (text, values) => {
      const isRead = /^(SELECT|WITH)\b|\bRETURNING\b/.test(text);
      if (isRead) return { rows: await prisma.$queryRawUnsafe(text, ...values) };
      await prisma.$executeRawUnsafe(text, ...values);
      return { rows: [] };
    },
  };
}
