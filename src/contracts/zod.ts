import { extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import "zod/compile";

// Every contract file takes zod from here, so that `.openapi()` is there before the first schema is made.
extendZodWithOpenApi(z);

export { z };
