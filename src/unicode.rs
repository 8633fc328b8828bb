//! Which characters are letters or marks: what APS calls "Alpha", in any script.
//!
//! In a page the engine knows as much, so the checkout artefact asks it (`\p{L}`, `\p{M}`) and carries no table.

/// The version of Unicode that the table is made from.
pub const UNICODE_VERSION: (u64, u64, u64) = (18, 0, 0);

/// Whether the character is a letter or a mark: `\p{L}` or `\p{M}`.
///
/// ```
/// use aps_payops::unicode::is_letter_or_mark;
/// assert!(is_letter_or_mark('\u{0639}')); // Arabic letter Ain
/// assert!(!is_letter_or_mark('\u{0665}')); // Arabic-Indic digit five
/// ```
#[must_use]
pub fn is_letter_or_mark(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_alphabetic() } else { is_beyond_ascii(character) }
}

#[cfg(page)]
fn is_beyond_ascii(character: char) -> bool {
    #[link(wasm_import_module = "../../core/letters.js")]
    unsafe extern "C" {
        safe fn is_letter_or_mark(character: u32) -> u32;
    }
    is_letter_or_mark(character.into()) != 0
}

#[cfg(not(page))]
fn is_beyond_ascii(character: char) -> bool {
    let wanted = u32::from(character);
    let (mut edge, mut inside) = (FIRST, false);
    let (mut step, mut shift) = (0u32, 0u32);
    for word in &TABLE {
        let mut word = *word;
        for _ in 0..16 {
            // The mask makes the cast exact.
            let nibble = (word & 15) as u32;
            word >>= 4;
            step |= (nibble & 7).wrapping_shl(shift);
            if nibble > 7 {
                shift = shift.wrapping_add(3);
                continue;
            }
            edge = edge.wrapping_add(step);
            if wanted < edge {
                return inside;
            }
            inside = !inside;
            (step, shift) = (0, 0);
        }
    }
    false
}

/// Where the table begins: all before it is ASCII.
#[cfg(not(page))]
const FIRST: u32 = 0x80;

/// Lengths of runs of characters, alternately without and with the property. A length is nibbles from the lowest of a
/// word to the highest, three bits each, the lowest bits first; a nibble above 7 says that more follow. Half the size of
/// a table of ranges, and nothing is left for brotli to gain. `tests/rust/unicode.rs` prints it anew when it is wrong.
#[cfg(not(page))]
#[rustfmt::skip]
static TABLE: [u64; 148] = [
    0xa13f_12f5_1411_a15a, 0xed29_1117_51e1_c479, 0x2c11_1311_6114_2211, 0x14e1_2dd1_29b1_1ab1,
    0x1212_1115_d422_5962, 0x1e18_851b_3d44_3b63, 0x1231_a611_a218_11ce, 0x1214_5c38_1cd2_7b28,
    0x7713_851b_43c2_a5e2, 0x2218_12b1_d289_119b, 0x4222_1924_3117_12e2, 0x2111_1a21_c512_4118,
    0x2121_2171_2e22_4613, 0x2911_4713_3224_5112, 0x2171_2e13_1191_31b6, 0x2d41_f123_1311_a251,
    0x1217_12e2_2218_1317, 0x1d51_2455_3222_1925, 0x2111_2341_3361_2281, 0x6124_1335_41c3_3323,
    0x1922_812f_1311_d581, 0x143c_4221_3127_4131, 0x1192_511a_12f1_3118, 0x1d1c_31d4_1352_7413,
    0x62e5_7455_1316_b131, 0x3721_1191_3832_a131, 0x57a1_d22a_1811_1641, 0xf111_3815_1112_6a1f,
    0x22f1_4841_d711_1522, 0x2c44_c11a_4111_113b, 0x2818_8791_194c_12a1, 0x5b21_5114_e241_a188,
    0x1592_4111_7241_59d1, 0x11f2_4111_7241_4924, 0x2828_4832_18b2_4179, 0x3a12_9219_dc36_21ae,
    0x1b2e_192e_7186_19b5, 0x31ac_1c21_311d_1c2c, 0x5b71_b928_1135_d241, 0x2c1c_41c1_3f1a_18e5,
    0x43c6_e3a4_5c1b_523e, 0xf189_1814_f123_d17f, 0x7a1a_681c_193e_19d1, 0xb51b_24c1_a32d_781c,
    0x6218_ae54_f132_8325, 0xf111_1111_1826_24e2, 0x6243_7133_1171_6d23, 0x1f11_d11e_c713_51d4,
    0x111a_2141_2949_6829, 0x5421_b141_1111_1653, 0x1963_cd59_fb26_c145, 0x81f1_7782_1511_4e1c,
    0x7171_7171_7171_7193, 0x164b_27ad_15f4_8171, 0x11ba_1322_21ae_4255, 0x2868_4829_1be1_5b54,
    0xba9d_1881_cf88_1888, 0x21a2_8349_d25e_18b5, 0x4d21_a1cf_11a1_6b2c, 0x6f1e_141a_b21c_f219,
    0x3383_a18e_1c6c_2b14, 0x933d_1c4c_24c1_a311, 0x96f1_51a2_8281_1e18, 0x8233_8199_32f2_a1e1,
    0x1717_1962_6261_a522, 0xc2a2_11fb_2221_e15b, 0x28c8_c694_2f1c_2dec, 0x1c55_1c74_e1da_25de,
    0x91dc_1212_1115_11d1, 0x1c58_6e21_882a_5db4, 0xc28f_1518_8282_8284, 0x2626_31b9_1b3a_63a4,
    0x1212_b13a_11c4_b326, 0x8a14_8a1f_b4a1_e21f, 0xc1d4_83f1_1f69_33d2, 0x1844_c23e_55b6_1812,
    0x8584_4c44_c2a2_be68, 0xb121_711f_11b1_c6c1, 0x4ef1_c6c3_2171_1f11, 0xe15a_1638_181a_2e19,
    0xf213_215c_1126_1881, 0x212b_1893_f192_f1a2, 0x6784_e3a6_3a1a_2e1a, 0x23d1_3118_5214_1882,
    0xe118_4b3d_33d4_8143, 0xa1d2_b1a2_e1a6_e393, 0xd6b1_d6b6_f199_1de2, 0xa3fa_2f15_33c4_a581,
    0xd12e_1953_6282_3215, 0x2d5a_2e3f_4918_11a5, 0x7c19_6591_8f19_2f3b, 0xc184_1f6d_2f39_1d17,
    0x111a_2144_18d1_9124, 0x1117_7e46_4d12_a4b1, 0x1814_2d7b_71a1_1f14, 0x221a_1512_1712_e222,
    0x1a1b_5372_7516_1232, 0x4112_111a_14e1_1211, 0x3e42_b19b_3d21_d181, 0x62f1_926e_2f81_118e,
    0x3b18_f797_b131_894a, 0x881c_d7b2_f972_c1f2, 0x13e1_2118_2121_83f1, 0x1182_5e21_81bc_1922,
    0xa131_9a18_1187_f3b2, 0x91b8_181a_d129_1992, 0x23e6_9191_5d11_93f4, 0x135c_1217_1991_e12e,
    0x1214_d121_6381_9121, 0x9192_f3de_22c5_c2f6, 0x19f1_1ad1_2f53_5912, 0xc959_9c38_c3ce_1eba,
    0xebb1_a2e2_828e_81f1, 0xba86_81da_f919_8f57, 0xe291_9f29_3f71_8f93, 0xb52d_3f41_96f1_b523,
    0x3948_1883_ab5d_6e82, 0x8829_7794_19b5_c392, 0x4c1e_bbb1_c41b_2121, 0x1e1e_aa1d_1eb1_bf4a,
    0x4d91_2171_41f8_bd6b, 0xc69c_751e_1233_d119, 0x31a7_1931_d51d_b4c8, 0xc27c_82f2_5e19_9c92,
    0x2ac4_3e72_1818_6357, 0xd5fe_2481_2218_31b3, 0xc142_2212_2118_f11a, 0x7118_2411_8917_1111,
    0x15ad_1731_1514_13c1, 0x913f_1391_3f13_9139, 0x1813_913f_1391_3f13, 0xe11e_1186_a46f_18ec,
    0xe71e_28a2_9a81_f152, 0x97e5_5121_7229_17a6, 0x5891_281e_35d1_e814, 0x493c_8487_c868_293f,
    0x173c_8218_2e13_f39f, 0xc597_1b38_d11f_1214, 0x1211_213b_142a_ec19, 0x1111_4161_1114_11a1,
    0x1111_1111_2112_1311, 0x1114_1417_1421_1211, 0x8d8c_2915_1352_911a, 0xe118_cbf4_81ab_bc81,
    0x19de_1f1e_ce92_1ba9, 0x9d9b_2fca_18be_4eca, 0x9881_9de8_e28c_da51, 0x0000_3e82_c8ab_882e,
];
