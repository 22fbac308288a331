package seal_test

import (
	"strings"
	"testing"

	"twinledger/domain/seal"
)

// withName are ways in which titles and evidence name somebody; NAME stands for the name.
var withName = strings.Split(`NAME老师执教《荷花》|NAME校长讲话|副校长NAME带队到校|教研室主任NAME作专题报告|县教研员NAME作报告|NAME《春》公开课|《春》NAME|圆的面积—NAME|NAME：圆的面积|圆的面积(三年级NAME)|`+
	`由NAME讲授|聘NAME为导师|NAME、周文等四位教师送课|NAME签到表|照片(NAME摄)|照片（NAME摄影）|NAME教案.docx|听NAME老师的课|主讲：NAME|执教：NAME|授课教师 NAME|（NAME）|数学_NAME_圆|NAME同志|特级教师NAME《葡萄沟》|邀请NAME来校讲座|`+
	`青山小学NAME《春》|NAME同学获奖|NAME工作室|张湾小学校长NAME到校指导|NAME主任、周文书记调研`, "|")

// TestNamesInEveryPlace: a name that is no word is seen wherever titles name somebody.
func TestNamesInEveryPlace(t *testing.T) {
	surnames := strings.Fields("王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 董 萧 程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 余 潘 杜 戴 夏 钟 汪 田 姜 范 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 段 雷 钱 汤 黎 贺 龚 文 欧阳 上官 诸葛 慕容")
	given := strings.Fields("晓燕 建国 志强 小曼 红梅 立新 海涛 新民 和平 向东 维国 云飞 白冰 里鹏 华平 国庆 立人 丽萍 晓峰 美玲 俊杰 子涵 雅琴 淑芬 爱民 为民 有福 文斌 学军 敏 静 伟 磊 婷 娟 倩 鹏 辉")
	for _, text := range withName {
		for _, surname := range surnames {
			for _, name := range given {
				if named := strings.ReplaceAll(text, "NAME", surname+name); !seal.LooksLikeName(named) {
					t.Errorf("%q would stay in clear", named)
				}
			}
		}
	}
}
