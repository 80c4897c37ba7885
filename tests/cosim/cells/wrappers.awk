# SPDX-License-Identifier: Apache-2.0
# Prints a Verilog module wrap_CELL for each cell of `family`: instances of the cell with many
# parameters, all on the same inputs, one output bit each. The random INITs have a fixed seed.

# 16 pseudorandom bits as 4 hex digits (MINSTD, Park and Miller 1988: products stay below 2^53).
function random4() {
  seed = (seed * 48271) % 2147483647
  return sprintf("%04x", int(seed / 4096) % 65536)
}

# Hex text of `bits` >= 4 random bits.
function random_hex(bits,   text) {
  text = ""
  while (length(text) * 4 < bits) text = text random4()
  return substr(text, 1, bits / 4)
}

# Hex text of `bits` with only bit `index` set.
function one_hot(bits, index_,   text, digit) {
  text = ""
  for (digit = int((bits + 3) / 4) - 1; digit >= 0; digit--)
    text = text (digit == int(index_ / 4) ? sprintf("%x", 2 ^ (index_ % 4)) : "0")
  return text
}

# The INITs of a table of `bits` bits: all of them up to 4 bits, else one-hot and random.
function make_inits(bits,   i) {
  init_count = 0
  if (bits <= 4) {
    for (i = 0; i < 2 ^ bits; i++) inits[init_count++] = sprintf("%x", i)
    return
  }
  for (i = 0; i < bits; i++) inits[init_count++] = one_hot(bits, i)
  for (i = 0; i < 64; i++) inits[init_count++] = random_hex(bits)
}

# One wrapper: `pins` are the input pins; `outputs` the output pins with their widths "O:1 CO:4";
# parameters[0..count-1] the text between #( and ).
function wrapper(cell, pins, outputs, count,   pin, n, out, m, i, k, width, total, part) {
  n = split(pins, pin, " ")
  m = split(outputs, out, " ")
  total = 0
  for (k = 1; k <= m; k++) { split(out[k], part, ":"); total += part[2] }
  printf "module wrap_%s (\n", cell
  for (i = 1; i <= n; i++) {
    split(pin[i], part, ":")
    printf "  input wire [%d:0] pin_%s,\n", part[2] - 1, part[1]
  }
  printf "  output wire [%d:0] y\n);\n", total * count - 1
  width = 0
  for (i = 0; i < count; i++) {
    printf "  %s %s u%d (", cell, (parameters[i] == "" ? "" : "#(" parameters[i] ")"), i
    for (k = 1; k <= n; k++) { split(pin[k], part, ":"); printf ".%s(pin_%s), ", part[1], part[1] }
    for (k = 1; k <= m; k++) {
      split(out[k], part, ":")
      printf ".%s(y[%d:%d])%s", part[1], width + part[2] - 1, width, (k < m ? ", " : ");\n")
      width += part[2]
    }
  }
  print "endmodule"
}

function table(cell, parameter, bits, pins, output,   i) {
  make_inits(bits)
  for (i = 0; i < init_count; i++)
    parameters[i] = "." parameter "(" bits "'h" inits[i] ")"
  wrapper(cell, pins, output, init_count)
}

function plain(cell, pins, outputs) {
  parameters[0] = ""
  wrapper(cell, pins, outputs, 1)
}

function xc7(   k, pins) {
  pins = ""
  for (k = 1; k <= 6; k++) {
    pins = pins (k > 1 ? " " : "") "I" (k - 1) ":1"
    table("LUT" k, "INIT", 2 ^ k, pins, "O:1")
  }
  plain("MUXF7", "I0:1 I1:1 S:1", "O:1")
  plain("MUXF8", "I0:1 I1:1 S:1", "O:1")
  plain("CARRY4", "CI:1 CYINIT:1 DI:4 S:4", "CO:4 O:4")
  parameters[0] = ".INIT(1'b0)"
  parameters[1] = ".INIT(1'b1)"
  wrapper("FDRE", "C:1 CE:1 D:1 R:1", "Q:1", 2)
}

function ecp5(   i, j, count, text, clock, reset) {
  table("LUT4", "INIT", 16, "A:1 B:1 C:1 D:1", "Z:1")
  plain("PFUMX", "ALUT:1 BLUT:1 C0:1", "Z:1")
  plain("L6MUX21", "D0:1 D1:1 SD:1", "Z:1")
  make_inits(16)
  count = 0
  for (i = 0; i < init_count; i++)
    for (j = i % 4; j != (i + 2) % 4; j = (j + 1) % 4)
      parameters[count++] = ".INIT0(16'h" inits[i] "), .INIT1(16'h" inits[(i * 7 + j + 3) % init_count] \
        "), .INJECT1_0(\"" (j % 2 ? "YES" : "NO") "\"), .INJECT1_1(\"" (j > 1 ? "YES" : "NO") "\")"
  wrapper("CCU2C", "CIN:1 A0:1 B0:1 C0:1 D0:1 A1:1 B1:1 C1:1 D1:1", "S0:1 S1:1 COUT:1", count)
  split("CLK INV", clock, " ")
  split("LSR INV", reset, " ")
  for (i = 0; i < 8; i++) {
    text = ".CEMUX(\"1\"), .REGSET(\"" (i % 2 ? "SET" : "RESET") "\")"
    text = text ", .CLKMUX(\"" clock[1 + int(i / 2) % 2] "\"), .LSRMUX(\"" reset[1 + int(i / 4)] "\")"
    parameters[i] = text ", .GSR(\"DISABLED\"), .SRMODE(\"LSR_OVER_CE\")"
    parameters[8 + i] = text ", .GSR(\"DISABLED\"), .SRMODE(\"ASYNC\")"
  }
  parameters[16] = ""
  wrapper("TRELLIS_FF", "CLK:1 LSR:1 DI:1", "Q:1", 17)
}

function ice40() {
  table("SB_LUT4", "LUT_INIT", 16, "I0:1 I1:1 I2:1 I3:1", "O:1")
  plain("SB_CARRY", "I0:1 I1:1 CI:1", "CO:1")
  plain("SB_DFF", "C:1 D:1", "Q:1")
  plain("SB_DFFSR", "C:1 R:1 D:1", "Q:1")
}

function gowin(   i, k, pins) {
  pins = ""
  for (k = 1; k <= 4; k++) {
    pins = pins (k > 1 ? " " : "") "I" (k - 1) ":1"
    table("LUT" k, "INIT", 2 ^ k, pins, "F:1")
    plain("MUX2_LUT" (k + 4), "I0:1 I1:1 S0:1", "O:1")
  }
  for (i = 0; i < 9; i++) parameters[i] = ".ALU_MODE(" i ")"
  wrapper("ALU", "I0:1 I1:1 I3:1 CIN:1", "SUM:1 COUT:1", 9)
  plain("DFF", "CLK:1 D:1", "Q:1")
  plain("DFFR", "CLK:1 D:1 RESET:1", "Q:1")
}

function gatemate(   i, k) {
  table("CC_LUT1", "INIT", 2, "I0:1", "O:1")
  table("CC_LUT2", "INIT", 4, "I0:1 I1:1", "O:1")
  for (i = 0; i < 64; i++) {
    k = random4()
    parameters[i] = ".INIT_L00(4'h" substr(k, 1, 1) "), .INIT_L01(4'h" substr(k, 2, 1) "), .INIT_L10(4'h" substr(k, 3, 1) ")"
  }
  wrapper("CC_L2T4", "I0:1 I1:1 I2:1 I3:1", "O:1", 64)
  plain("CC_MX4", "D0:1 D1:1 D2:1 D3:1 S0:1 S1:1", "Y:1")
  plain("CC_ADDF", "A:1 B:1 CI:1", "CO:1 S:1")
  plain("CC_DFF", "D:1 CLK:1 EN:1 SR:1", "Q:1")  # Yosys 0.23 has no INIT for it
}

BEGIN {
  seed = 20240607
  if (family == "xc7") xc7()
  if (family == "ecp5") ecp5()
  if (family == "ice40") ice40()
  if (family == "gowin") gowin()
  if (family == "gatemate") gatemate()
}
