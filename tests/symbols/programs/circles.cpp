// A library whose debug information, written by hand, never ends for who follows it: one entry is its own
// sibling, and sixty-four have their first child for a sibling, too.

asm(R"(
    .text
    .globl in_circles
    .type in_circles, %function
in_circles:
    .rept 16
    nop
    .endr
.Lin_circles_end:
    .size in_circles, .Lin_circles_end - in_circles

    .section .debug_abbrev, "", %progbits
.Labbreviations:
    .uleb128 1          /* the unit, with children: low_pc as an address, high_pc as a length */
    .uleb128 0x11
    .byte 1
    .uleb128 0x11
    .uleb128 0x01
    .uleb128 0x12
    .uleb128 0x06
    .byte 0, 0
    .uleb128 2          /* a namespace, with children and a sibling */
    .uleb128 0x39
    .byte 1
    .uleb128 0x01
    .uleb128 0x13
    .byte 0, 0
    .byte 0

    .section .debug_info, "", %progbits
.Lunit:
    .4byte .Lunit_end - .Lversion
.Lversion:
    .2byte 4
    .4byte .Labbreviations
    .byte 8
    .uleb128 1
    .8byte in_circles
    .4byte .Lin_circles_end - in_circles
    .rept 64
    .uleb128 2
    .4byte . + 4 - .Lunit
    .endr
.Lown_sibling:
    .uleb128 2
    .4byte .Lown_sibling - .Lunit
    .rept 66
    .byte 0
    .endr
.Lunit_end:
    .text
)");
