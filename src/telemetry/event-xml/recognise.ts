/** Whether a text is one of events in XML. */
import { decoded } from '../readers/text-encoding.ts'

/** A declaration, comments and a root element may come first, and the line that evtx_dump writes before each event. */
const BEGIN = /^[\s\ufeff]*(Record \d+\s+)?(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<Events?[\s>]/

/** By the first bytes of a text, in UTF-8 or UTF-16. */
export const looksLikeEventXml = (head: Buffer): boolean => BEGIN.test(decoded(head))
