package record

// stageWords are the words for stages, in Chinese and English. One stage means
// the same in every kind that has it.
var stageWords = map[Stage][2]string{
	"reported": {"补报", "reported"}, "applied": {"已申请", "applied for"}, "recommended": {"已推荐", "recommended"},
	"approved": {"已批准", "approved"}, "refused": {"未批准", "refused"}, "withdrawn": {"已撤回", "withdrawn"}, "cancelled": {"已取消", "cancelled"},
	"started": {"进行中", "under way"}, "interrupted": {"中断", "interrupted"}, "completed": {"已完成", "completed"},
	"founded": {"已建立", "founded"}, "matched": {"已匹配", "matched"}, "begun": {"进行中", "under way"}, "ended": {"已终止", "ended"},
	"due": {"应报", "due"}, "filed": {"已报", "filed"}, "returned": {"退回重报", "returned"}, "accepted": {"已通过", "accepted"}, "waived": {"免报", "waived"},
	"ordered": {"已下达", "ordered"}, "answered": {"已答复", "answered"}, "sent_back": {"退回", "sent back"}, "closed": {"已销号", "closed"},
	"announced": {"已通知", "announced"}, "teamed": {"已组成检查组", "team named"}, "visited": {"已到校检查", "visited"},
	"concluded": {"已有结论", "concluded"}, "published": {"已公布", "published"},
	"planned": {"已计划", "planned"}, "requested": {"已申请", "requested"}, "diagnosed": {"已诊断", "diagnosed"}, "designed": {"已制定方案", "designed"},
	"appraised": {"已论证", "appraised"}, "revised": {"已修改方案", "revised"}, "documented": {"已发文", "documented"}, "trained": {"已培训", "trained for"},
	"prepared": {"准备中", "being prepared"}, "shown": {"已展示", "shown"}, "delivered": {"已送教", "delivered"}, "held": {"已开展", "held"},
	"summarised": {"已总结", "summarised"}, "revoked": {"已撤销", "revoked"}, "noted": {"已登记", "noted"}, "registered": {"已登记", "registered"},
}

// Words returns the stage in Chinese and English.
func (s Stage) Words() (zh, en string) {
	if words, known := stageWords[s]; known {
		return words[0], words[1]
	}
	return string(s), string(s)
}
