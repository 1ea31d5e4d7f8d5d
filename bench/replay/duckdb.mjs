// One filter over JSON lines in DuckDB: the path of its package, then the files.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [folder, ...files] = process.argv.slice(2)
const { DuckDBInstance } = createRequire(join(folder, 'package.json'))(folder)
const connection = await (await DuckDBInstance.create(':memory:')).connect()
const names = files.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')
const columns = "{EventID: 'BIGINT', Image: 'VARCHAR', CommandLine: 'VARCHAR', TargetObject: 'VARCHAR'}"
const reader = await connection.runAndReadAll(`
  SELECT EventID, Image, CommandLine, TargetObject FROM read_ndjson([${names}], columns = ${columns})
  WHERE (EventID = 1 AND lower(Image) LIKE '%\\schtasks.exe')
     OR (EventID = 1 AND CommandLine ILIKE '% -enc%')
     OR (EventID = 13 AND TargetObject ILIKE '%\\Schedule\\TaskCache\\Tasks\\%\\Actions')`)
console.log(reader.getRows().length)
